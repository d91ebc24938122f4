import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { bundle } from '../bundle.js';

/** Pages and workers on loopback, until they are closed. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves an empty page, and the scripts of this folder: workers need addresses. */
export async function openSite(): Promise<Site> {
  const files = await bundle({
    entryPoints: ['page', 'worker', 'shared-worker', 'frame'].map((name) =>
      fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
    ),
    outdir: '/',
  });
  const scripts = new Map(files.map(({ path, text }) => [path, text]));
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    if (script !== undefined) response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    else if (request.url === '/favicon.ico') response.writeHead(404).end();
    else {
      const name = request.url === '/frame' ? 'frame' : 'page';
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<title>a tab</title><script src="/${name}.js"></script>`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
