/**
 * `node --import tsx bench/nats.ts`: what a log in JetStream costs, against the client alone. Needs `nats-server`.
 *
 *     node --import tsx bench/nats.ts                 # the table; about two minutes
 *     node --import tsx bench/nats.ts --check         # a short form, which fails where a target is missed by far
 *
 * Ratios of throughput, each the median of pairs that ran right after each other: what the machine does else changes both.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { openDispatcher, type EventLog } from 'rxjs-clocked-dispatch/log';
import { openJetStreamLog } from 'rxjs-clocked-dispatch/nats';

interface Row {
  readonly title: string;
  readonly least: number;
  /** Each does all of it once; resolves with messages a second. */
  readonly ours: () => Promise<number>;
  readonly bare: () => Promise<number>;
}

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const MESSAGES = options.check ? 20_000 : 100_000;
const SENT = options.check ? 5_000 : 30_000;
const PAIRS = options.check ? 3 : 7;
/** A check on a busy machine forgives this much. */
const MARGIN = 2;
const UNDER_WAY = 256;
const value = { order: 12_345, customer: 'somebody', total: 99.5, lines: ['one', 'two', 'three'] };

const folder = mkdtempSync(join(tmpdir(), 'clocked-bench-nats-'));
const port = await freePort();
const server = await startServer();
process.once('exit', () => server.kill('SIGKILL'));
try {
  const connection = await connect({ servers: `127.0.0.1:${port}` });
  const rows = [
    await reading(connection, 16, 0.95),
    await reading(connection, 1000, 0.8),
    await sending(connection, 0.9),
  ];
  const lines = [];
  for (const row of rows) lines.push(await measure(row));
  console.table(lines);
  if (options.check) process.exitCode = lines.every(({ ratio, least }) => ratio * MARGIN >= least) ? 0 : 1;
  await connection.close();
} finally {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

async function measure({ title, least, ours, bare }: Row) {
  const pairs: { ours: number; bare: number }[] = [];
  // The first pair warms up.
  for (let i = 0; i <= PAIRS; i++) {
    const pair = i % 2 === 0 ? { ours: await ours(), bare: await bare() } : { bare: await bare(), ours: await ours() };
    if (i > 0) pairs.push(pair);
  }
  return {
    row: title,
    'ours/s': Math.round(median(pairs.map((pair) => pair.ours))),
    'bare/s': Math.round(median(pairs.map((pair) => pair.bare))),
    ratio: Number(median(pairs.map((pair) => pair.ours / pair.bare)).toFixed(2)),
    least,
  };
}

/** A stream that is full of entries, read by a dispatcher whose receivers are all at the head, and by the client. */
async function reading(connection: NatsConnection, receivers: number, least: number): Promise<Row> {
  const stream = `READ${receivers}`;
  const log = await openJetStreamLog(connection, { stream, subjects: stream });
  const writer = await openDispatcher<typeof value>(log, { maxWaiting: MESSAGES });
  const senders = Array.from({ length: receivers }, (_, i) => writer.sender(`s${i}`, `r${i}`));
  await Promise.all(Array.from({ length: MESSAGES }, (_, i) => senders[i % receivers]!.send(value)));
  // As if it had been open since before the first of them: what is at the head is fed, what is behind reads pages.
  const fromTheBeginning: EventLog = {
    id: log.id,
    codec: log.codec!,
    dense: log.dense,
    atomic: log.atomic,
    last: 0,
    trimmed: 0,
    head: () => Promise.resolve({ trimmed: 0, last: 0 }),
    follow: (after, given) => log.follow!(after, given),
    append: (entries, given) => log.append(entries, given),
    read: (after, limit) => log.read(after, limit),
    trim: (upTo) => log.trim(upTo),
    load: (name) => log.load(name),
    save: (name, checkpoint) => log.save(name, checkpoint),
    checkpoints: () => log.checkpoints(),
    forget: (name) => log.forget(name),
    close: () => log.close(),
  };
  return {
    title: `below a dispatcher with ${receivers} receivers`,
    least,
    ours: async () => {
      const dispatcher = await openDispatcher<typeof value>(fromTheBeginning);
      let count = 0;
      const started = performance.now();
      await new Promise<void>((resolve) => {
        for (let i = 0; i < receivers; i++) {
          dispatcher.receiver(`r${i}`, { from: 0 }).subscribe(([item]) => {
            if (item !== null && ++count === MESSAGES) resolve();
          });
        }
      });
      const rate = rateOf(MESSAGES, started);
      await dispatcher.close();
      return rate;
    },
    bare: async () => {
      const consumer = await jetstream(connection).consumers.get(stream);
      let orders = 0;
      const started = performance.now();
      const messages = await consumer.consume({ max_messages: 1000 });
      for await (const message of messages) {
        orders += message.json<{ at: number }>().at > 0 ? 1 : 0;
        if (orders === MESSAGES) break;
      }
      const rate = rateOf(MESSAGES, started);
      await consumer.delete();
      return rate;
    },
  };
}

async function sending(connection: NatsConnection, least: number): Promise<Row> {
  await (await jetstreamManager(connection)).streams.add({ name: 'SENDBARE', subjects: ['SENDBARE'] });
  const client = jetstream(connection);
  const log = await openJetStreamLog(connection, { stream: 'SEND', subjects: 'SEND' });
  const dispatcher = await openDispatcher<typeof value>(log);
  const sender = dispatcher.sender('s', 'a');
  return {
    title: `send, ${UNDER_WAY} under way`,
    least,
    ours: () => underWay(() => sender.send(value)),
    bare: () => underWay(() => client.publish('SENDBARE', JSON.stringify(value))),
  };
}

async function underWay(send: () => Promise<unknown>): Promise<number> {
  let next = 0;
  const started = performance.now();
  const work = async (): Promise<void> => {
    while (next++ < SENT) await send();
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, work));
  return rateOf(SENT, started);
}

function rateOf(count: number, started: number): number {
  return (1000 * count) / (performance.now() - started);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => resolve(free));
    });
  });
}

function startServer(): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn('nats-server', ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', `${port}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.once('error', reject);
    child.stderr.on('data', (data: Buffer) => {
      if (said.length < 10_000) said += data.toString();
      if (said.includes('Server is ready')) resolve(child);
    });
  });
}
