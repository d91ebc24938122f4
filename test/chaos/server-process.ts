import { buildSync } from 'esbuild';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The server, in a process of its own that can be killed and started again on the same log and port. */
export class ServerProcess {
  kills = 0;
  readonly #folder = mkdtempSync(join(tmpdir(), 'clocked-chaos-'));
  readonly #script = join(process.cwd(), `node_modules/.cache/chaos-server-${process.pid}.mjs`);
  #port = 0;
  #child: ChildProcess | undefined;

  get url(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    buildSync({
      entryPoints: ['test/chaos/server.ts'],
      outfile: this.#script,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      // The package's own names lead to src.
      alias: Object.fromEntries(
        ['level', 'log', 'port'].map((entry) => [`rxjs-clocked-dispatch/${entry}`, `./src/${entry}/index.ts`]),
      ),
    });
    this.#port = await freePort();
    // It does not outlive a run that has failed.
    process.on('exit', () => this.#child?.kill('SIGKILL'));
    await this.#start();
  }

  /** `kill -9`, and a new one. */
  async killAndRestart(): Promise<void> {
    await this.#kill();
    this.kills++;
    await this.#start();
  }

  async close(): Promise<void> {
    await this.#kill();
    rmSync(this.#folder, { recursive: true, force: true });
    rmSync(this.#script, { force: true });
  }

  async #start(): Promise<void> {
    const child = spawn(process.execPath, [this.#script, join(this.#folder, 'log'), `${this.#port}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', (code, signal) => reject(new Error(`the server has ended with ${code ?? signal}`)));
    });
    child.removeAllListeners('exit');
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
