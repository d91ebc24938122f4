// Weighs what a bundler leaves of an import, gzipped, and fails when one is over its budget. Needs a build.
//     node scripts/size.mjs [--json] [--root DIRECTORY]
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

// names, entry, bytes
const budgets = [
  ['{ createDispatcher, serialize }', '.', 17_800],
  ['{ clockedDispatch, source, serialize }', '.', 19_600],
  ['{ clockedDispatch, source, watermark }', '.', 30_000],
  ['{ clockedDispatch, source, sequence }', '.', 26_600],
  ['{ stamp }', '.', 2000],
  ['{ alignLatest }', '.', 4400],
  ['{ mapValue }', '.', 1500],
  ['*', '.', 45_000],
  ['{ openDispatcher }', './log', 26_800],
  ['{ openLevelLog }', './level', 10_400],
  ['{ openIndexedDbLog }', './indexeddb', 7600],
  ['{ connect, socketLine }', './port', 25_800],
  ['{ serve, socketLine }', './port', 12_100],
  ['*', './port', 32_300],
  ['{ openJetStreamLog }', './nats', 11_100],
];

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, root: { type: 'string', default: '.' } },
});
const { exports, peerDependencies } = JSON.parse(readFileSync(resolve(options.root, 'package.json'), 'utf8'));
const rows = await Promise.all(
  budgets.map(async ([names, entry, most]) => ({
    title: entry === '.' ? names : `${names} from ${entry}`,
    bytes: await gzipped(names, resolve(options.root, exports[entry].import.default)),
    most,
  })),
);

if (options.json) console.log(JSON.stringify(rows));
else {
  console.table(rows.map(({ title, bytes, most }) => ({ import: title, bytes, budget: most, left: most - bytes })));
  process.exitCode = rows.every(({ bytes, most }) => bytes !== null && bytes <= most) ? 0 : 1;
}

/** Bytes, or null where the entry has no such export. */
async function gzipped(names, file) {
  try {
    const { outputFiles } = await build({
      stdin: { contents: `export ${names} from ${JSON.stringify(file)}`, resolveDir: '.' },
      bundle: true,
      external: [...Object.keys(peerDependencies), 'node:*'],
      format: 'esm',
      minify: true,
      target: 'es2022',
      write: false,
      logLevel: 'silent',
    });
    return gzipSync(outputFiles[0].contents, { level: 9 }).length;
  } catch {
    return null;
  }
}
