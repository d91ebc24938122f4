// What is used here of node:fs: src is compiled without the types of Node, for the rest of it runs in browsers, too.
export declare function closeSync(file: number): void;
export declare function existsSync(path: string): boolean;
export declare function mkdirSync(path: string, options: { readonly recursive: true }): void;
export declare function openSync(path: string, flags: string): number;
export declare function readFileSync(path: string, encoding: 'latin1'): string;
export declare function readdirSync(path: string): string[];
export declare function realpathSync(path: string): string;
export declare function rmSync(path: string, options: { readonly force: boolean }): void;
export declare function statSync(path: string): { readonly size: number };
export declare function writeFileSync(path: string, data: Uint8Array): void;
export declare function writeSync(file: number, text: string, position: number): number;
