/**
 * `npm run example:fleet`: three processes write, one keeps the stock, and pages show it; one stream of a NATS server is the
 * clock of all of them. Needs the program `nats-server`. Ctrl+C ends it all.
 *
 *     npm run example:fleet -- --port 3000     # where the page is; 8080 otherwise
 *     npm run example:fleet -- --show          # opens the page in Chromium; without a display, prints what it shows, and ends
 */
import { parseArgs } from 'node:util';
import { startFleet } from './fleet.js';
import { show } from './show.js';

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '8080' }, show: { type: 'boolean', default: false } },
});
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});

const fleet = await startFleet(Number(options.port));
console.log(`Processes: ${fleet.pids.join(', ')}: the server of the stream, the gateway, three writers.`);
console.log(`The stock is at ${fleet.url} (Ctrl+C ends it)`);
try {
  await (options.show ? show(fleet.url, interrupted) : interrupted);
} finally {
  await fleet.stop();
}
