import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { type DurableSender, type EventLog, memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import type { Report } from '../log/contenders.js';
import { cpuTime, randomNumbers } from '../scenario.js';
import { Lags } from './lags.js';

/** What a real run did. */
export interface Run {
  readonly messages: number;
  readonly commits: number;
  readonly receivers: number;
  /** Milliseconds, all in all, and those of the processors. */
  readonly elapsed: number;
  readonly busy: number;
  readonly lags: Lags;
}

/** Sends, and resolves when what it has sent is stored. */
export type Drive = (send: () => Promise<unknown>) => Promise<void>;

/** A log, and what is left to do when it was closed. */
export type Place = () => Promise<{ readonly log: EventLog; readonly clear: () => void }>;

export const onDisk: Place = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clocked-simulate-'));
  return { log: await openLevelLog(folder), clear: () => rmSync(folder, { recursive: true, force: true }) };
};

/** A log in memory that takes its time, which a disk that others use as well does by whim. */
export const behindATimer: Place = () => {
  const log = memoryLog();
  const append = log.append.bind(log);
  log.append = async (...given) => {
    await setTimeout(3);
    return append(...given);
  };
  return Promise.resolve({ log, clear: () => undefined });
};

/** Sends as `drive` says, through a dispatcher with so many receivers that are subscribed. */
export async function run(place: Place, receivers: number, drive: Drive): Promise<Run> {
  const { log: own, clear } = await place();
  const log = counting(own);
  const dispatcher = await openDispatcher<Report>(log);
  let lags = new Lags();
  const sentAt: number[] = [];
  let told = 0;
  for (let i = 0; i < receivers; i++) {
    dispatcher.receiver(`receiver ${i}`).subscribe(([value]) => {
      if (value === null) return;
      lags.add(performance.now() - sentAt[value.flight]!);
      told++;
    });
  }
  const senders = Array.from({ length: receivers }, (_, i) => dispatcher.sender(`sender ${i}`, `receiver ${i}`));
  const send = (): Promise<unknown> => {
    const flight = sentAt.push(performance.now()) - 1;
    return (senders[flight % receivers] as DurableSender<Report>).send({ flight, gate: `B${flight % 40}` });
  };
  // The compiler has to do its work before.
  await atOnce(200, 300)(send);
  lags = new Lags();
  const [before, commits, began, cpu] = [told, log.commits, performance.now(), cpuTime()];
  await drive(send);
  const result = {
    ...{ messages: told - before, commits: log.commits - commits, receivers },
    ...{ elapsed: performance.now() - began, busy: (cpuTime() - cpu) / 1e6, lags },
  };
  await dispatcher.close();
  await log.close();
  clear();
  return result;
}

/** So many calls under way at any moment, for so many milliseconds. */
export function atOnce(calls: number, milliseconds: number): Drive {
  return async (send) => {
    const end = performance.now() + milliseconds;
    const caller = async (): Promise<void> => {
      while (performance.now() < end) await send();
    };
    await Promise.all(Array.from({ length: calls }, caller));
  };
}

/** Messages at random, so many a second, by a timer of a millisecond. */
export function atRate(rate: number, milliseconds: number): Drive {
  return async (send) => {
    const random = randomNumbers(1);
    const began = performance.now();
    const under: Promise<unknown>[] = [];
    const gap = (): number => (-Math.log(1 - random()) * 1000) / rate;
    let next = gap();
    for (let now = 0; now < milliseconds; now = performance.now() - began) {
      for (; next <= now; next += gap()) under.push(send());
      await setTimeout(1);
    }
    await Promise.all(under);
  };
}

function counting(log: EventLog): EventLog & { commits: number } {
  const append = log.append.bind(log);
  return Object.assign(log, {
    commits: 0,
    append(this: { commits: number }, ...given: Parameters<EventLog['append']>) {
      this.commits++;
      return append(...given);
    },
  });
}
