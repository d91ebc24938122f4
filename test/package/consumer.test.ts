import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenLinks } from '../docs/links.js';

/**
 * The package as others get it: packed, installed in a folder of its own, then used by `import`, by `require` and by
 * the TypeScript compilers that it supports.
 */

const run = promisify(execFile);

/** The oldest TypeScript that the types must work with: installed where the package is. */
const OLDEST = 'typescript@5.0.4';

/** That one, the one that builds the package, and the newest. */
const COMPILERS = {
  'TypeScript 5.0': () => join(consumer, 'node_modules/typescript'),
  'TypeScript 6': () => installed('typescript'),
  'TypeScript 7': () => installed('typescript7'),
};
type Compiler = keyof typeof COMPILERS;

const NODENEXT = { module: 'nodenext', moduleResolution: 'nodenext' };
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' };

let consumer: string;

beforeAll(async () => {
  // The real path, for what a resolved module is compared with.
  consumer = await realpath(await mkdtemp(join(tmpdir(), 'rxjs-clocked-dispatch-')));
  const { stdout } = await run('npm', ['pack', '--json', '--silent', '--pack-destination', consumer]);
  const tarball = packed(stdout);

  await write('package.json', JSON.stringify({ name: 'consumer', private: true }));
  // The peers come from this repository's own node_modules: the versions that everything else is tested with.
  await npmInstall(tarball, installed('rxjs'), installed('tslib'), OLDEST);
});

afterAll(async () => {
  await rm(consumer, { recursive: true, force: true });
});

describe('the tarball', () => {
  test('has the licence, the change log, and the sources that its source maps point to', async () => {
    await expect(inPackage('LICENSE')).resolves.toContain('MIT');
    const { version } = JSON.parse(await inPackage('package.json')) as { version: string };
    await expect(inPackage('CHANGELOG.md')).resolves.toContain(`## [${version}] - `);

    const map = JSON.parse(await inPackage('dist/esm/index.js.map')) as { sources: string[] };
    expect(map.sources).toEqual(['../../src/index.ts']);
    await expect(inPackage('src/index.ts')).resolves.toContain('export');
  });
});

describe('the documentation in the tarball', () => {
  const root = () => join(consumer, 'node_modules/rxjs-clocked-dispatch');

  test('its links lead to pages and headings that are in it, too', async () => {
    const files = await readdir(root(), { recursive: true });
    const pages = files.filter((file) => /^(?:docs[/\\].*|[A-Z]+)\.md$/.test(file));
    const broken = pages.flatMap((page) => brokenLinks(join(root(), page)));

    expect(pages).toContain(join('docs', 'errors.md'));
    // Code that is not part of the package, and a picture that is too large for it.
    const elsewhere =
      / links to (?:\.\.\/)*(?:examples|test|bench|api|docs\/assets\/flight-desk-laptop-light\.png)(?:\/|$)/;
    expect(broken.filter((link) => !elsewhere.test(link))).toEqual([]);
  });
});

describe('at run time', () => {
  test.each(['rxjs-clocked-dispatch', 'rxjs-clocked-dispatch/testing'])(
    '%s gives the same names to import and to require',
    expectSameNames,
  );

  test('import and require lead to the two builds', async () => {
    const esm = await node('esm.mjs', `console.log(import.meta.resolve('rxjs-clocked-dispatch'));`);
    const cjs = await node('cjs.cjs', `console.log(require.resolve('rxjs-clocked-dispatch'));`);

    expect(esm).toMatch(/dist\/esm\/index\.js$/);
    expect(cjs).toMatch(/dist[/\\]cjs[/\\]index\.js$/);
  });

  test.each([
    ['import', 'esm.mjs', `import { of } from 'rxjs'; import { stamp } from 'rxjs-clocked-dispatch';`],
    ['require', 'cjs.cjs', `const { of } = require('rxjs'); const { stamp } = require('rxjs-clocked-dispatch');`],
  ])('an operator works by %s', async (_how, file, imports) => {
    const emitted = await node(
      file,
      `${imports}
       of('a', 'b').pipe(stamp()).subscribe((message) => console.log(JSON.stringify(message)));`,
    );

    expect(emitted.split('\n')).toEqual(['["a",1]', '["b",2]']);
  });

  test('internals cannot be imported', async () => {
    await expect(node('esm.mjs', `import 'rxjs-clocked-dispatch/dist/esm/index.js';`)).rejects.toThrow(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });
});

describe('to TypeScript', () => {
  const program = `
    import { of, type Observable } from 'rxjs';
    import { stamp, type Clocked } from 'rxjs-clocked-dispatch';
    export * as testing from 'rxjs-clocked-dispatch/testing';
    export const stamped: Observable<Clocked<string>> = of('a').pipe(stamp());
    // @ts-expect-error a type that has become any would hide this
    export const wrong: Observable<Clocked<number>> = of('a').pipe(stamp());
  `;

  describe.each(Object.keys(COMPILERS) as Compiler[])('%s', (compiler) => {
    test.each([
      ['nodenext, ESM', 'use.mts', NODENEXT],
      ['nodenext, CommonJS', 'use.cts', NODENEXT],
      ['bundler', 'use.ts', BUNDLER],
    ])('%s', async (_resolution, file, options) => {
      expect(await typeErrors(compiler, file, program, options)).toBe('');
    });
  });

  test('TypeScript 5.0, node10', async () => {
    const options = { module: 'commonjs', moduleResolution: 'node10' };
    expect(await typeErrors('TypeScript 5.0', 'use.ts', program, options)).toBe('');
  });
});

describe('with idb', () => {
  beforeAll(() => npmInstall(installed('idb')));

  test('the entry for logs in the browser gives the same names to import and to require', () =>
    expectSameNames('rxjs-clocked-dispatch/indexeddb'));

  test.each([
    ['nodenext', 'use.mts', NODENEXT],
    ['bundler', 'use.ts', BUNDLER],
  ])('the entry for logs in the browser has types, %s', async (_resolution, file, options) => {
    const program = `export * as indexeddb from 'rxjs-clocked-dispatch/indexeddb';`;
    expect(await typeErrors('TypeScript 6', file, program, options)).toBe('');
  });
});

describe('with Angular', () => {
  beforeAll(() => npmInstall(installed('@angular/core'), installed('@angular/compiler')));

  test('the entry for Angular gives the same names to import and to require', () =>
    expectSameNames('rxjs-clocked-dispatch/angular'));

  test.each([
    ['nodenext', 'use.mts', NODENEXT],
    ['bundler', 'use.ts', BUNDLER],
  ])('the entry for Angular has types, %s', async (_resolution, file, options) => {
    const program = `export * as angular from 'rxjs-clocked-dispatch/angular';`;
    expect(await typeErrors('TypeScript 6', file, program, options)).toBe('');
  });
});

async function expectSameNames(entry: string): Promise<void> {
  const print = `console.log(JSON.stringify(Object.keys(all).filter((name) => name !== '__esModule').sort()))`;
  const imported = await node('esm.mjs', `import * as all from '${entry}'; ${print}`);
  const required = await node('cjs.cjs', `const all = require('${entry}'); ${print}`);

  expect(imported).not.toBe('[]');
  expect(required).toBe(imported);
}

/** A package of this repository's node_modules, as npm installs it without the network. */
function installed(name: string): string {
  return resolve('node_modules', name);
}

async function npmInstall(...specs: string[]): Promise<void> {
  await run('npm', ['install', '--install-links', '--prefer-offline', '--no-audit', '--no-fund', ...specs], {
    cwd: consumer,
  });
}

/** `npm pack --json` prints after what the build prints. */
function packed(stdout: string): string {
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }];
  return join(consumer, filename);
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(join(consumer, file), text);
}

async function inPackage(file: string): Promise<string> {
  return readFile(join(consumer, 'node_modules/rxjs-clocked-dispatch', file), 'utf8');
}

/** What a program prints. Fails with what it writes to stderr. */
async function node(file: string, program: string): Promise<string> {
  await write(file, program);
  const { stdout } = await run(process.execPath, [file], { cwd: consumer });
  return stdout.trim();
}

/** What the compiler says about a program, with every declaration checked: empty when all is well. */
async function typeErrors(
  compiler: Compiler,
  file: string,
  program: string,
  options: Record<string, string>,
): Promise<string> {
  await write(file, program);
  const compilerOptions = {
    ...options,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    strict: true,
    noEmit: true,
  };
  await write('tsconfig.json', JSON.stringify({ compilerOptions, files: [file] }));
  const tsc = join(COMPILERS[compiler](), 'bin/tsc');
  return run(process.execPath, [tsc], { cwd: consumer }).then(
    () => '',
    (failed: unknown) => (failed as { stdout: string }).stdout || String(failed),
  );
}
