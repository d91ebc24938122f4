/**
 * One life: opens the log, checks what is there, then appends, trims and saves until it is killed. It tells its parent
 * what the log has acknowledged, one line each, written at once.
 */
import { writeSync } from 'node:fs';
import { openLevelLog } from '../../src/level/index.js';
import { Committer } from '../../src/log/committer.js';

/** What is stored: whose it is, and something to fill the disk with. */
interface Stored {
  readonly id: string;
  readonly pad: string;
}

const [folder = '', life = '', seed = '0'] = process.argv.slice(2);
const tell = (line: string): void => void writeSync(1, `${line}\n`);

let state = Number(seed) + 1;
const random = (below: number): number => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return (state >>> 8) % below;
};

const log = await openLevelLog<Stored>(folder);
tell(`open ${log.id} ${log.trimmed} ${log.last}`);
if (life === 'verify') {
  for (let at = log.trimmed; at < log.last;) {
    for (const [{ id }, ts] of await log.read(at, 500)) {
      tell(`entry ${ts} ${id}`);
      at = ts;
    }
  }
  for (const { name, ts } of await log.checkpoints()) {
    const checkpoint = await log.load(name);
    tell(`checkpoint ${name} ${ts} ${checkpoint?.ts} ${(checkpoint?.state as { ts: number }).ts}`);
  }
  await log.close();
} else {
  const committer = new Committer(log);
  await Promise.all([...Array.from({ length: 6 }, (_, writer) => write(writer)), save(), trim()]);

  async function write(writer: number): Promise<void> {
    for (let n = 0; ; n++) {
      const id = `${life}.${writer}.${n}`;
      const entry = { id, pad: 'x'.repeat(random(2000)) };
      const ts = await committer.append(entry, writer % 2 === 0 ? { id } : {});
      tell(`stored ${ts} ${id}`);
      // What is sent again keeps its position.
      if (writer === 0 && n % 5 === 0 && (await committer.append(entry, { id })) !== ts) tell(`twice ${id}`);
    }
  }

  async function save(): Promise<void> {
    for (;;) {
      const ts = log.last;
      await log.save('sum', { ts, version: 1, state: { ts, pad: 'y'.repeat(random(5000)) } });
      tell(`saved ${ts}`);
      await new Promise((resolve) => setTimeout(resolve, random(5)));
    }
  }

  async function trim(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 20 + random(60)));
      await log.trim(Math.max(0, log.last - 200));
      tell(`trimmed ${log.trimmed}`);
    }
  }
}
