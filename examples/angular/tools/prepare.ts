import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const example = fileURLToPath(new URL('..', import.meta.url));
const library = fileURLToPath(new URL('../../..', import.meta.url));
const vendor = `${example}vendor`;

/** Where `build` leaves the application. */
export const site = `${example}dist/flight-desk/browser`;

/**
 * Installs the library as its users do: packed. A link would bring rxjs in twice.
 *
 * `npm install`, not `npm ci`: the builders of Angular have a binary for each platform, of which a registry's mirror may
 * lack some, and then a lock file that was written there can't be installed.
 */
export async function install(): Promise<void> {
  await rm(vendor, { recursive: true, force: true });
  await mkdir(vendor);
  await run('npm', ['pack', '--silent', '--pack-destination', vendor], library);
  const [tarball] = await readdir(vendor);
  await rename(`${vendor}/${tarball!}`, `${vendor}/rxjs-clocked-dispatch.tgz`);
  await rm(`${example}node_modules/rxjs-clocked-dispatch`, { recursive: true, force: true });
  await run('npm', ['install', '--no-audit', '--no-fund'], example);
}

/** Builds the application for production. */
export function build(): Promise<void> {
  return run('npm', ['run', '--silent', 'build'], example);
}

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} in ${cwd} ended with ${String(code)}`);
}
