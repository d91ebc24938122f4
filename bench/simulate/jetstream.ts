import { readFileSync } from 'node:fs';
import { connect } from '@nats-io/transport-node';
import { openJetStreamLog } from 'rxjs-clocked-dispatch/nats';
import { startNatsServer } from '../../examples/fleet/nats-server.js';
import { median } from '../lines.js';
import { cpuTime } from '../scenario.js';
import { entryOf } from '../log/contenders.js';
import type { Constants } from './plan.js';

const MESSAGES = 40_000;
const BATCH = 500;
const FOLLOWERS = 3;

/** Milliseconds of a processor; `publish` those in which one writer gets one message stored. */
export interface StreamConstants extends Pick<Constants, 'append' | 'feed' | 'take'> {
  readonly publish: number;
  /** Milliseconds until one message alone is stored. */
  readonly latency: number;
}

/** What a stream of JetStream takes: the server's processor time, and that of a process that follows. Linux only. */
export async function measureStream(): Promise<StreamConstants> {
  const server = await startNatsServer();
  const connection = await connect({ servers: server.address });
  const log = await openJetStreamLog(connection, { stream: 'SIMULATE', subjects: 'simulate' });
  try {
    const append = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += BATCH) {
        await log.append(Array.from({ length: BATCH }, (_, n) => entryOf({ flight: i + n, gate: 'B12' })));
      }
    };
    const read = async (): Promise<void> => {
      for await (const [, ts] of log.follow!(0)) if (ts === log.last) return;
    };
    await append(MESSAGES / 4);
    await read();
    const [before, wrote] = [processorTime(server.pid), performance.now()];
    await append(MESSAGES);
    const [stored, writing] = [processorTime(server.pid), performance.now() - wrote];
    const waits: number[] = [];
    for (let i = 0; i < 200; i++) {
      const sent = performance.now();
      await log.append([entryOf({ flight: i, gate: 'B12' })]);
      waits.push(performance.now() - sent);
    }
    const [fed, began] = [processorTime(server.pid), cpuTime()];
    await Promise.all(Array.from({ length: FOLLOWERS }, read));
    const followed = FOLLOWERS * log.last;
    return {
      append: (stored - before) / MESSAGES,
      feed: (processorTime(server.pid) - fed) / followed,
      take: (cpuTime() - began) / 1e6 / followed,
      publish: writing / MESSAGES,
      latency: median(waits),
    };
  } finally {
    await log.close();
    await connection.close();
    await server.stop();
  }
}

/** Milliseconds that a process has had of the processors. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}
