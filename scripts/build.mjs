// Builds dist/esm and dist/cjs, side by side.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

await rm('dist', { recursive: true, force: true });
const succeeded = await Promise.all([compile('tsconfig.esm.json'), compile('tsconfig.cjs.json')]);
if (succeeded.includes(false)) process.exit(1);

// Without this, Node would take dist/cjs for ESM, as the package is.
await mkdir('dist/cjs', { recursive: true });
await writeFile('dist/cjs/package.json', '{ "type": "commonjs" }\n');

async function compile(project) {
  const [code] = await once(spawn(process.execPath, [tsc, '--project', project], { stdio: 'inherit' }), 'exit');
  return code === 0;
}
