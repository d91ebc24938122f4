import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { format } from 'prettier';
import { measureStream } from './jetstream.js';
import { measureLine } from './line.js';
import { measureBytes, measureDelivery, measureReceiver, measureTogether } from './measure.js';
import type { Constants } from './plan.js';
import { onDisk } from './real.js';

/** What one machine takes, with what it was measured on. */
export interface Measured {
  readonly machine: string;
  /** Bytes of memory of one receiver. */
  readonly receiverBytes: number;
  /** Milliseconds in which one writer gets one message of many stored in a stream. */
  readonly publish: number;
  /** Everything in one process, with its log on disk. */
  readonly together: Constants;
  /** A process with its log on disk, which others follow by lines; and a stream of JetStream. Pages by lines, both. */
  readonly level: Constants;
  readonly jetstream: Constants;
}

/** What nobody takes in one process. */
export const NOT_TAKEN = { feed: 0, take: 0, deliver: 0, messageBytes: 0, tickBytes: 0, itemBytes: 0 };

const FILE = new URL('constants.json', import.meta.url);

export function recorded(): Measured {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Measured;
}

/** Measures all of it on this machine, which takes a minute and a `nats-server`, and keeps it. */
export async function measureAll(): Promise<void> {
  const [together, stream, line] = [await measureTogether(onDisk), await measureStream(), await measureLine()];
  const { publish, latency, append, feed, take } = stream;
  const pages = { ...measureBytes(), tick: line.tick, deliver: (await measureDelivery()) + line.deliver };
  const measured: Measured = {
    machine: `Node ${process.version}, ${cpus()[0]!.model.trim()}`,
    receiverBytes: await measureReceiver(),
    publish,
    together: { ...together, ...NOT_TAKEN },
    level: { ...together, ...pages, feed: line.feed, take: line.take },
    jetstream: { ...pages, commit: 0, sync: latency, append, feed, take },
  };
  const json = JSON.stringify(measured, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(3)) : value,
  );
  writeFileSync(FILE, await format(json, { parser: 'json' }));
}
