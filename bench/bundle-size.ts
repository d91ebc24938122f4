import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';

/** What an import costs whoever bundles it. */
export interface Budget {
  readonly name: string;
  readonly names: string;
  readonly most: number;
}

export const budgets: readonly Budget[] = [
  { name: '`import { clockedDispatch, source }`', names: '{ clockedDispatch, source }', most: 5000 },
  { name: 'everything in `.`', names: '*', most: 9000 },
  { name: '`import { stamp }`', names: '{ stamp }', most: 1000 },
];

/** Bytes of the import, bundled without RxJS, minified and gzipped. */
export async function bundleSize(entry: string, { names }: Budget): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export ${names} from ${JSON.stringify(entry)}`, resolveDir: '/' },
    bundle: true,
    external: ['rxjs', 'tslib'],
    format: 'esm',
    minify: true,
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}
