import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server of NATS with JetStream, on loopback. */
export interface NatsServer {
  readonly address: string;
  readonly pid: number;
  /** Ends it, and deletes what it has stored. */
  stop(): Promise<void>;
}

/** Starts `nats-server` (Debian's package of that name), with its store in a temporary folder. */
export async function startNatsServer(): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'clocked-fleet-'));
  const program = process.env.NATS_SERVER ?? 'nats-server';
  const options = ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', '-1', '--ports_file_dir', folder];
  const child = spawn(program, options, { stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill();
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await once(child, 'spawn');
    const said: string[] = [];
    for await (const line of createInterface(child.stderr)) {
      said.push(line);
      if (line.includes('Server is ready')) break;
    }
    if (child.exitCode !== null) throw new Error(said.join('\n'));
    child.stderr.resume();
    const ports = await textOf(join(folder, `nats-server_${child.pid}.ports`));
    const { nats } = JSON.parse(ports) as { readonly nats: readonly string[] };
    return { address: new URL(nats[0]!).host, pid: child.pid!, stop };
  } catch (error) {
    await stop();
    throw new Error(`${program} could not be started: is it installed?`, { cause: error });
  }
}

/** A file that is about to be written. */
async function textOf(file: string): Promise<string> {
  for (let tries = 0; tries < 500; tries++) {
    try {
      const text = readFileSync(file, 'utf8');
      if (text !== '') return text;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${file} was not written`);
}
