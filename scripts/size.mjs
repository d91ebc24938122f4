// Weighs what a bundler leaves of an import, gzipped, and fails when one is over its budget. Needs a build.
import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';

const budgets = [
  { what: 'the operator', code: `export { clockedDispatch, source } from './dist/esm/index.js'`, limit: 12_900 },
  { what: 'everything', code: `export * from './dist/esm/index.js'`, limit: 17_600 },
  { what: 'stamp alone', code: `export { stamp } from './dist/esm/index.js'`, limit: 1000 },
];

const rows = await Promise.all(
  budgets.map(async ({ what, code, limit }) => ({ what, bytes: await gzipped(code), limit })),
);
console.table(rows.map(({ what, bytes, limit }) => ({ what, bytes, limit, left: limit - bytes })));
process.exitCode = rows.every(({ bytes, limit }) => bytes <= limit) ? 0 : 1;

async function gzipped(code) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: '.' },
    bundle: true,
    external: ['rxjs', 'tslib'],
    format: 'esm',
    minify: true,
    target: 'es2022',
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}
