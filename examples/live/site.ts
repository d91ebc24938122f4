import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('pages/', import.meta.url));
const TYPES = { html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript' } as const;

/** The two pages and their scripts, compiled when the server starts. */
export async function createSite(): Promise<Server> {
  const files = new Map<string, { readonly type: string; readonly body: Uint8Array | string }>();
  for (const name of ['index.html', 'desk.html', 'kitchen.html', 'style.css']) {
    const type = name.endsWith('.css') ? TYPES.css : TYPES.html;
    files.set(`/${name}`, { type, body: await readFile(`${folder}${name}`) });
  }
  const { outputFiles } = await build({
    entryPoints: ['desk.ts', 'kitchen.ts'].map((name) => `${folder}${name}`),
    outdir: '/',
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  for (const { path, text } of outputFiles) files.set(path, { type: TYPES.js, body: text });

  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = files.get(pathname === '/' ? '/index.html' : pathname);
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-store' }).end(file.body);
  });
}
