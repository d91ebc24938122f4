import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A file as the server answers with it. */
export interface PageFile {
  readonly type: string;
  readonly body: string;
}

/** The page and its program, by path. */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [path('page.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    tsconfig: path('../../tsconfig.json'),
  });
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', body: await readFile(path('page.html'), 'utf8') }],
    ['/page.js', { type: 'text/javascript; charset=utf-8', body: outputFiles[0]!.text }],
  ]);
}
