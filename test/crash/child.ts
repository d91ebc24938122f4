/**
 * One life: opens the log and a dispatcher over it, then several senders, receivers, projections and trim work until it is
 * killed. It tells its parent what was promised, one line each, written at once.
 *
 * `verify` as the life: tells everything that the log has, and ends.
 */
import { writeSync } from 'node:fs';
import { ALL, type Clocked } from '../../src/index.js';
import { openLevelLog } from '../../src/level/index.js';
import { openDispatcher, type DurableDispatcher } from '../../src/log/index.js';
import { add, NOTHING, type Digest } from './digest.js';

/** What is sent: whose it is, and something to fill the disk with. */
interface Message {
  readonly id: string;
  readonly pad: string;
}

const [folder = '', life = '', seed = '0', auditFrom = '0'] = process.argv.slice(2);
const tell = (line: string): void => void writeSync(1, `${line}\n`);

let state = Number(seed) + 1;
const random = (below: number): number => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return (state >>> 8) % below;
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const log = await openLevelLog(folder);
tell(`open ${log.id} ${log.trimmed} ${log.last}`);
if (life === 'verify') await verify();
else await work(await openDispatcher<Message>(log, { page: 64 }));

async function verify(): Promise<void> {
  for (let at = log.trimmed; at < log.last;) {
    for (const [{ messages }, ts] of await log.read(at, 500)) {
      for (const { value } of messages) tell(`entry ${ts} ${(JSON.parse(value as string) as Message).id}`);
      at = ts;
    }
  }
  for (const { name, ts } of await log.checkpoints()) {
    const checkpoint = await log.load(name);
    const { count, hash } = checkpoint?.state as Digest;
    tell(`checkpoint ${name} ${ts} ${checkpoint?.ts} ${count} ${hash}`);
  }
  await log.close();
}

async function work(dispatcher: DurableDispatcher<Message>): Promise<void> {
  let told = Math.max(log.trimmed, Number(auditFrom));
  dispatcher.receiver('audit', { from: told, addressedTo: ALL }).subscribe(([message, ts]) => {
    if (message !== null) tell(`told ${ts} ${message.id}`);
    told = ts;
  });
  // Its channel is always full: it reads the log, and makes nobody wait.
  void readSlowly(dispatcher.receiver('slow', { from: told, addressedTo: ['even', 'odd'], bound: 2 }));
  project('even', ['even']);
  project('all', ALL);
  const writers = Array.from({ length: 6 }, (_, writer) => write(writer));
  await Promise.all([...writers, writeOn(), transact(), trim()]);

  function project(name: string, addressedTo: readonly string[] | typeof ALL): void {
    const projection = dispatcher.projection<Digest>(name, {
      addressedTo,
      initial: NOTHING,
      apply: (digest, { id }, ts) => add(digest, ts, id),
      saveEvery: name === 'all' ? 50 : 7,
    });
    let last = -Infinity;
    projection.subscribe(([, ts]) => {
      if (ts < last + 40 || projection.settled < ts) return;
      last = ts;
      tell(`fold ${name} ${ts} ${projection.value.count} ${projection.value.hash}`);
    });
  }

  async function write(writer: number): Promise<void> {
    const sender = dispatcher.sender(`s${writer}`, writer % 3 === 0 ? 'even' : 'odd');
    for (let n = 0; ; n++) {
      const id = `${life}.${writer}.${n}${writer % 3 === 0 ? 'e' : 'o'}`;
      const message = { id, pad: 'x'.repeat(random(1500)) };
      const ts = await sender.send(message, writer % 2 === 0 ? { id } : {});
      tell(`stored ${ts} ${id}`);
      if (told < ts) tell(`untold ${ts} ${told}`);
      // What is sent again keeps its position.
      if (writer === 0 && n % 5 === 0 && (await sender.send(message, { id })) !== ts) tell(`twice ${id}`);
    }
  }

  /** Without waiting: what is there of it is a prefix. */
  async function writeOn(): Promise<void> {
    const sender = dispatcher.sender('next', 'odd');
    for (let n = 0; ;) {
      for (let burst = random(20); burst > 0; burst--) sender.next({ id: `${life}.next.${n++}o`, pad: '' });
      await pause(random(4));
    }
  }

  async function transact(): Promise<void> {
    const [even, odd] = [dispatcher.sender('even', 'even'), dispatcher.sender('odd', 'odd')];
    for (let n = 0; ; n++) {
      const [a, b] = [
        { id: `${life}.tx.${n}e`, pad: '' },
        { id: `${life}.tx.${n}o`, pad: '' },
      ];
      tell(
        `both ${await dispatcher.transact([
          [even, a],
          [odd, b],
        ])} ${a.id} ${b.id}`,
      );
    }
  }

  async function trim(): Promise<void> {
    for (;;) {
      await pause(20 + random(60));
      await dispatcher.trim(Math.max(0, log.last - 100));
      tell(`trimmed ${log.trimmed}`);
    }
  }
}

async function readSlowly(receiver: AsyncIterable<Clocked<Message>>): Promise<void> {
  let last = 0;
  for await (const [, ts] of receiver) {
    if (ts < last) tell(`back ${ts} ${last}`);
    last = ts;
    if (random(10) === 0) await pause(1);
  }
}
