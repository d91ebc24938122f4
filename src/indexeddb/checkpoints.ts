import { assertForward } from '../log/checkpoint-order.js';
import type { Checkpoint, CheckpointName } from '../log/event-log.js';
import type { Database } from './schema.js';
import { reading, writing, type Durability } from './transaction.js';

/** The checkpoint of that name, if one was saved. */
export function loadCheckpoint(db: Database, name: string): Promise<Checkpoint | undefined> {
  return reading(db, ['checkpoints'], (tx) => tx.objectStore('checkpoints').get(name));
}

/** Saves a checkpoint, unless the saved one is further. */
export function saveCheckpoint(
  db: Database,
  name: string,
  checkpoint: Checkpoint,
  durability: Durability,
): Promise<void> {
  return writing(db, ['checkpoints', 'marks'], durability, async (tx, write) => {
    const { ts, version } = checkpoint;
    assertForward(name, { ts, version }, await tx.objectStore('marks').get(name));
    write(tx.objectStore('checkpoints').put(checkpoint, name));
    write(tx.objectStore('marks').put({ ts, version }, name));
  });
}

/** Deletes a checkpoint. */
export function forgetCheckpoint(db: Database, name: string, durability: Durability): Promise<void> {
  return writing(db, ['checkpoints', 'marks'], durability, (tx, write) => {
    write(tx.objectStore('checkpoints').delete(name));
    write(tx.objectStore('marks').delete(name));
    return Promise.resolve();
  });
}

/** All checkpoints, without their states. */
export function listCheckpoints(db: Database): Promise<readonly CheckpointName[]> {
  return reading(db, ['marks'], async (tx) => {
    const marks = tx.objectStore('marks');
    const [names, saved] = await Promise.all([marks.getAllKeys(), marks.getAll()]);
    return names.map((name, i) => ({ name, ts: saved[i]!.ts }));
  });
}
