import type { Plugin } from 'esbuild';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { bundle } from './bundle.js';
import type { Outcome } from './shim/vitest.js';
import type { Report } from './report.js';

const tests = fileURLToPath(new URL('..', import.meta.url));
const shim = fileURLToPath(new URL('shim/', import.meta.url));

/** The library's own tests of laws, operators and the log, with the streams, the timers and the storage of a browser. */
export async function checkLibrary(report: Report, browser: Browser, url: string): Promise<void> {
  const files = [
    ...(await testsIn('laws')),
    ...(await testsIn('marbles/operators')),
    'indexeddb/indexeddb-log.test.ts',
  ];
  const page = await browser.newPage();
  try {
    // A page of the site, so that the tests run on an origin; its own scripts are kept out.
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<title>tests</title>' }));
    await page.goto(url);
    for (const file of files) {
      await report.check(`library: ${file}`, async () => {
        const { passed, failures } = await page.evaluate<Outcome>(await program(`${tests}${file}`));
        if (failures.length > 0)
          throw new Error(`${failures.length} of ${passed + failures.length} tests:\n${failures.join('\n')}`);
        if (passed === 0) throw new Error('no test was run');
      });
    }
  } finally {
    await page.close();
  }
}

async function testsIn(folder: string): Promise<string[]> {
  const names = await readdir(`${tests}${folder}`);
  return names.filter((name) => name.endsWith('.test.ts')).map((name) => `${folder}/${name}`);
}

/** A test file as an expression whose value is the promise of its outcome. */
async function program(file: string): Promise<string> {
  const [script] = await bundle({
    stdin: {
      contents: `import ${JSON.stringify(file)}; import { runTests } from 'vitest'; export const outcome = runTests();`,
      resolveDir: tests,
    },
    globalName: 'file',
    define: { 'process.env.NODE_ENV': '"test"' },
    plugins: [standIns],
    // The package says that it has no side effects; its tests have.
    ignoreAnnotations: true,
  });
  return `${script!.text}; file.outcome`;
}

/** What is Node's or vitest's, for a page. */
const standIns: Plugin = {
  name: 'stand-ins',
  setup(bundler) {
    bundler.onResolve({ filter: /^vitest$/ }, () => ({ path: `${shim}vitest.ts` }));
    bundler.onResolve({ filter: /^fake-indexeddb\/auto$/ }, () => ({ path: `${shim}fake-indexeddb.ts` }));
    bundler.onResolve({ filter: /support\/unhandled\.js$/ }, () => ({ path: `${shim}unhandled.ts` }));
  },
};
