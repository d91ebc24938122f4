import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One step of a recorded script: something is done, or a receiver is read. */
export type Op = Action | { readonly op: 'recv'; readonly receiver: string };

export type Action =
  | { readonly op: 'new'; readonly sender: string; readonly receiver: string }
  | { readonly op: 'clone' | 'bclone' | 'into_broadcaster'; readonly sender: string; readonly name: string }
  | { readonly op: 'send' | 'broadcast'; readonly sender: string; readonly value: string }
  | {
      readonly op: 'forward' | 'broadcast_forward';
      readonly sender: string;
      readonly value: string | null;
      readonly ts: number;
    }
  | { readonly op: 'drop_sender' | 'drop_broadcaster'; readonly sender: string }
  | { readonly op: 'drop_receiver'; readonly receiver: string };

/** What a receive answered: a message, a tick, "would block", or the end. */
export type Answer = readonly [value: string | null, ts: number] | 'empty' | 'disconnected';

/** What a script yields: the answer of each `recv`, then, per receiver, what was left in it and how it ended. */
export interface Outcome {
  readonly results: readonly Answer[];
  readonly drained: Readonly<Record<string, readonly Answer[]>>;
  readonly closed: Readonly<Record<string, string>>;
}

/** A script and what the crate made of it. */
export interface Recording {
  readonly id: string;
  readonly file: RecordingFile;
  readonly bound: number;
  readonly seed: number;
  readonly ops: readonly Op[];
  readonly finalDrops: readonly string[];
  readonly crate: Outcome;
}

export type RecordingFile = 'serialize' | 'sequential' | 'watermark';

/** The recorded scripts of one file. */
export function recordings(file: RecordingFile): Recording[] {
  const path = fileURLToPath(new URL(`./${file}.jsonl`, import.meta.url));
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => parse(file, JSON.parse(line) as Line));
}

interface Line {
  id: string;
  bound: number;
  seed: number;
  ops: Op[];
  final_drops: string[];
  results: { outcome: 'data' | 'clock' | 'empty' | 'disconnected'; value?: string | null; ts?: number }[];
  drained: Record<string, [string | null, number][]>;
  closed: Record<string, string>;
}

function parse(file: RecordingFile, line: Line): Recording {
  const results = line.results.map(({ outcome, value, ts }): Answer =>
    outcome === 'data' || outcome === 'clock' ? [value ?? null, ts as number] : outcome,
  );
  return {
    id: line.id,
    file,
    bound: line.bound,
    seed: line.seed,
    ops: line.ops,
    finalDrops: line.final_drops,
    crate: { results, drained: line.drained, closed: line.closed },
  };
}
