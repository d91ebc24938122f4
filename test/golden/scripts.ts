import { fc } from '../support/fast-check.js';
import type { Op, Recording, RecordingFile } from './records.js';

/** A step that is not a script's yet: numbers pick among those who are there, so that every sublist is a script as well. */
interface Draft {
  readonly do: 'new' | 'clone' | 'broadcaster' | 'leave' | 'leave receiver' | 'send' | 'recv';
  readonly who: number;
  /** How far the timestamp is from where the sender, or by sequence everybody, has got. */
  readonly ahead: number;
  readonly tick: boolean;
}

const draft = (weight: number, ...steps: Draft['do'][]): fc.WeightedArbitrary<Draft> => ({
  weight,
  arbitrary: fc.record({
    do: fc.constantFrom(...steps),
    who: fc.nat({ max: 30 }),
    ahead: fc.integer({ min: -1, max: 4 }),
    tick: fc.boolean(),
  }),
});

const drafts = fc.array(
  fc.oneof(
    draft(3, 'new'),
    draft(4, 'clone', 'broadcaster', 'leave', 'leave receiver'),
    draft(20, 'send'),
    draft(6, 'recv'),
  ),
  { minLength: 9, maxLength: 150, size: 'max' },
);

/** Scripts such as the recorded ones, but longer, and with what the crate was spared: repetitions, lateness, gaps. */
export function scripts(file: RecordingFile): fc.Arbitrary<Recording> {
  return fc
    .record({ steps: drafts, seed: fc.constantFrom(0, 0, 0, 7) })
    .map(({ steps, seed }) => toScript(file, seed, steps));
}

function toScript(file: RecordingFile, seed: number, steps: readonly Draft[]): Recording {
  const ops: Op[] = [];
  const receivers: string[] = [];
  const senders: { readonly name: string; readonly everybody: boolean; reached: number }[] = [];
  let reached = seed;
  let names = 0;

  const add = (): void => {
    const [sender, receiver] = [`s${names}`, `r${names++}`];
    ops.push({ op: 'new', sender, receiver });
    receivers.push(receiver);
    senders.push({ name: sender, everybody: false, reached });
  };
  add();
  for (const { do: what, who, ahead, tick } of steps) {
    const at = senders.length > 0 ? who % senders.length : -1;
    const sender = senders[at];
    if (what === 'new') add();
    else if (what === 'recv') {
      const receiver = receivers[who % Math.max(1, receivers.length)];
      if (receiver !== undefined) ops.push({ op: 'recv', receiver });
    } else if (what === 'leave receiver') {
      const [receiver] = receivers.splice(who % Math.max(1, receivers.length), 1);
      if (receiver !== undefined) ops.push({ op: 'drop_receiver', receiver });
    } else if (sender === undefined) continue;
    else if (what === 'clone') {
      const name = `s${names++}`;
      ops.push({ op: sender.everybody ? 'bclone' : 'clone', sender: sender.name, name });
      senders.push({ ...sender, name });
    } else if (what === 'broadcaster') {
      if (sender.everybody) continue;
      const name = `s${names++}`;
      ops.push({ op: 'into_broadcaster', sender: sender.name, name });
      senders[at] = { ...sender, name, everybody: true };
    } else if (what === 'leave') {
      ops.push({ op: sender.everybody ? 'drop_broadcaster' : 'drop_sender', sender: sender.name });
      senders.splice(at, 1);
    } else if (file === 'serialize') {
      ops.push({ op: sender.everybody ? 'broadcast' : 'send', sender: sender.name, value: `v${names++}` });
    } else {
      const from = file === 'sequential' ? reached : sender.reached;
      const ts = Math.max(seed + 1, from + ahead);
      reached = Math.max(reached, file === 'sequential' ? Math.min(ts, reached + 1) : ts);
      sender.reached = Math.max(sender.reached, ts);
      const value = tick && who % 2 === 0 ? null : `v${names++}`;
      ops.push({ op: sender.everybody ? 'broadcast_forward' : 'forward', sender: sender.name, value, ts });
    }
  }
  return {
    id: 'generated',
    file,
    bound: 100_000,
    seed,
    ops,
    finalDrops: senders.map(({ name }) => name),
    crate: NOTHING,
  };
}

/** What the crate made of a script that it was never given. */
export const NOTHING = { results: [], drained: {}, closed: {} };
