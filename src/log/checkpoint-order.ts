import { CheckpointError } from './errors.js';
import type { Checkpoint } from './event-log.js';

/** The position and version of a checkpoint. */
export type CheckpointMark = Omit<Checkpoint, 'state'>;

/** Refuses a checkpoint that is behind the saved one (law 45): first by version, then by position. */
export function assertForward(name: string, given: CheckpointMark, saved: CheckpointMark | undefined): void {
  if (saved === undefined || given.version > saved.version) return;
  if (given.version < saved.version || given.ts < saved.ts) throw new CheckpointError(name, given, saved);
}
