import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll } from 'vitest';

/** Which program: Debian's package nats-server has it there. */
const PROGRAM = process.env.NATS_SERVER ?? 'nats-server';

/** The configuration of a server that listens for WebSockets, too. */
export const WITH_WEB_SOCKETS = 'websocket { listen: "127.0.0.1:-1", no_tls: true }';

/** A real server on loopback, with its store in a temporary folder. */
export class NatsServer {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'clocked-nats-'));
  readonly #config: string | undefined;
  readonly #connections: NatsConnection[] = [];
  /** Where it listens for WebSockets, if its configuration says so. */
  webSocket: string | undefined;
  #child: ChildProcess | undefined;
  #port = -1;

  private constructor(config: string | undefined) {
    this.#config = config === undefined ? undefined : join(this.folder, 'server.conf');
    if (this.#config !== undefined) writeFileSync(this.#config, config!);
  }

  /** `config`: what to say in a configuration file, besides addresses and the store. */
  static async start(config?: string): Promise<NatsServer> {
    const server = new NatsServer(config);
    await server.start();
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** Starts it, again perhaps: at the same port. */
  async start(): Promise<void> {
    const config = this.#config === undefined ? [] : ['-c', this.#config];
    const child = spawn(
      PROGRAM,
      ['-js', '-sd', this.folder, '-a', '127.0.0.1', '-p', `${this.#port}`, '--ports_file_dir', this.folder, ...config],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#child = child;
    process.once('exit', this.#kill);
    await ready(child);
    const ports = await contentsOf(join(this.folder, `nats-server_${child.pid}.ports`));
    const { nats, websocket } = JSON.parse(ports) as { nats: string[]; websocket?: string[] };
    this.#port = Number(/:(\d+)/.exec(nats[0]!)![1]);
    this.webSocket = websocket?.[0];
  }

  /** As a crash does. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
    process.off('exit', this.#kill);
  }

  async connect(options: object = {}): Promise<NatsConnection> {
    const connection = await connect({
      servers: this.address,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
      ...options,
    });
    this.#connections.push(connection);
    return connection;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly #kill = (): void => void this.#child?.kill('SIGKILL');
}

/** A server for the tests of a file. */
export function serverForTests(config?: string): () => Promise<NatsServer> {
  let starting: Promise<NatsServer> | undefined;
  afterAll(async () => (await starting)?.stop());
  return () => (starting ??= NatsServer.start(config));
}

let names = 0;

/** A name that no other stream has. */
export function newName(): string {
  return `S${++names}`;
}

/** A file that is about to be there. */
async function contentsOf(file: string): Promise<string> {
  for (let tries = 1; ; tries++) {
    try {
      const text = readFileSync(file, 'utf8');
      if (text !== '') return text;
    } catch (error) {
      if (tries === 200) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** It says so when it can be used. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the server has ended: ${said}`)));
    child.stderr!.on('data', (data: Buffer) => {
      if (said.length < 100_000) said += data.toString();
      if (said.includes('Server is ready')) resolve();
    });
  });
}
