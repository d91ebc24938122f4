import { Crate } from './crate.js';
import type { Outcome, Recording } from './records.js';
import { replay } from './replay.js';

/** Every point in which this package answers otherwise than the crate, and the law that asks for it. */
export const DEPARTURES = {
  'late joiners are told the clock':
    'law 21: the first thing that one who comes late learns is how current it is; the crate says nothing until the next message',
  'duplicates are refused':
    'law 13: a repeated timestamp is a duplicate, so that an upstream may deliver again; the crate delivers it twice',
  'early ticks count':
    'law 13: a tick fills its place like a message; the crate loses it and stalls, so that no recording shows it',
  'completion is final':
    'law 21: a receiver is complete when nobody is left to write to it and it is empty, and nothing follows, no tick either; ' +
    'the crate reports the end of a receiver that somebody has come to write to again, and data and clocks after the end',
  'completion waits for what is held':
    'law 21: a broadcast that is held is still to come; the crate overlooks it and reports the end before',
  'ties leave by source, then arrival':
    'law 7: the crate leaves messages with equal timestamps to the layout of its heaps, broadcasts last',
  'joining does not drag the clock back':
    'laws 8 and 12: who joins starts at the clock, a clone at the promise of its parent, and what is below the clock is late; ' +
    'the crate starts everybody at 0 and lets time run backwards',
  'what is held for one who left takes its place':
    'law 20: its timestamp is used up, and the others are told; the crate forgets the message and its timestamp',
  'what is written to one who left counts for nothing':
    'laws 7 and 20: nothing is kept for a receiver that has left, and who can write to nobody else is not waited for; the ' +
    'crate keeps it, and waits for the clones of such a sender',
  'a gap is passed over when nobody can fill it':
    'law 14: when no source is left, what is held behind a gap goes out; in the crate it is lost with the last sender',
} as const;

export type Departure = keyof typeof DEPARTURES;

export const ALL_DEPARTURES: readonly Departure[] = Object.keys(DEPARTURES) as Departure[];

/** What the crate would answer with these departures: with none, what it did answer. */
export function crateWith(departures: readonly Departure[], script: Recording): Outcome {
  return replay(script, new Crate(script, departures));
}

/** The departures that it takes, and no more, to get from the crate's answers to ours. */
export function explain(script: Recording): readonly Departure[] {
  const ours = JSON.stringify(crateWith(ALL_DEPARTURES, script));
  if (JSON.stringify(script.crate) === ours) return [];
  return ALL_DEPARTURES.reduce<readonly Departure[]>((needed, departure) => {
    const without = needed.filter((other) => other !== departure);
    return JSON.stringify(crateWith(without, script)) === ours ? without : needed;
  }, ALL_DEPARTURES);
}
