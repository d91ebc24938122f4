import { describe, expect, test } from 'vitest';
import { ALL_DEPARTURES, crateWith, explain, type Departure } from './departures.js';
import { Engine } from './engine.js';
import { recordings, type Outcome, type Recording, type RecordingFile } from './records.js';
import { replay } from './replay.js';

/** How many of the 120 recordings of each kind come out just as in the crate, and what explains the others. */
const COUNTS: Record<RecordingFile, { identical: number; departures: Partial<Record<Departure, number>> }> = {
  serialize: {
    identical: 94,
    departures: { 'late joiners are told the clock': 13, 'completion is final': 17 },
  },
  sequential: {
    identical: 47,
    departures: {
      'late joiners are told the clock': 9,
      'duplicates are refused': 69,
      'completion is final': 10,
    },
  },
  watermark: {
    identical: 49,
    departures: {
      'late joiners are told the clock': 7,
      'completion is final': 21,
      'completion waits for what is held': 2,
      'ties leave by source, then arrival': 42,
      'joining does not drag the clock back': 21,
      'what is held for one who left takes its place': 2,
    },
  },
};

describe.for(['serialize', 'sequential', 'watermark'] as const)('recordings of the crate: %s', (file) => {
  const scripts = recordings(file);

  test('there are 120, and the model of the crate answers each as the crate did', () => {
    expect(scripts).toHaveLength(120);
    expect(
      differing(
        scripts,
        (script) => crateWith([], script),
        ({ crate }) => crate,
      ),
    ).toEqual([]);
  });

  test('the engine answers each as the crate would with the departures that are listed', () => {
    const ours = (script: Recording) => crateWith(ALL_DEPARTURES, script);
    expect(differing(scripts, (script) => replay(script, new Engine(script)), ours)).toEqual([]);
  });

  test('so many are identical, and so many show each departure', () => {
    const identical =
      120 -
      differing(
        scripts,
        (script) => replay(script, new Engine(script)),
        ({ crate }) => crate,
      ).length;
    const departures: Partial<Record<Departure, number>> = {};
    for (const departure of scripts.flatMap(explain)) departures[departure] = (departures[departure] ?? 0) + 1;

    expect(scripts.filter((script) => explain(script).length === 0)).toHaveLength(COUNTS[file].identical);
    expect({ identical, departures }).toEqual(COUNTS[file]);
  });
});

describe('what no recording shows, because the crate hangs', () => {
  test('a tick that comes early fills its place', () => {
    const script: Recording = {
      id: 'early tick',
      file: 'sequential',
      bound: 10,
      seed: 0,
      ops: [
        { op: 'new', sender: 's', receiver: 'r' },
        { op: 'forward', sender: 's', value: null, ts: 2 },
        { op: 'forward', sender: 's', value: 'v3', ts: 3 },
        { op: 'forward', sender: 's', value: 'v1', ts: 1 },
        { op: 'recv', receiver: 'r' },
        { op: 'recv', receiver: 'r' },
      ],
      finalDrops: ['s'],
      crate: { results: [['v1', 1], 'empty'], drained: { r: [] }, closed: { r: 'empty' } },
    };

    expect(crateWith([], script)).toEqual(script.crate);
    expect(explain(script)).toEqual(['early ticks count']);
    expect(replay(script, new Engine(script))).toEqual({
      results: [
        ['v1', 1],
        ['v3', 3],
      ],
      drained: { r: [] },
      closed: { r: 'disconnected' },
    });
  });
});

/** The scripts on which the two disagree, each with its first difference. */
function differing(
  scripts: readonly Recording[],
  actual: (script: Recording) => Outcome,
  expected: (script: Recording) => Outcome,
): string[] {
  return scripts.flatMap((script) => {
    const [a, b] = [lines(actual(script)), lines(expected(script))];
    const at = b.findIndex((line, i) => line !== a[i]);
    if (at < 0 && a.length === b.length) return [];
    return [`${script.id}: ${a[at] ?? 'nothing'} instead of ${b[at] ?? 'nothing'}`];
  });
}

function lines({ results, drained, closed }: Outcome): string[] {
  return [
    ...results.map((answer, i) => `recv ${i}: ${JSON.stringify(answer)}`),
    ...Object.entries(drained).flatMap(([name, items]) =>
      items.map((item, i) => `${name} ${i}: ${JSON.stringify(item)}`),
    ),
    ...Object.entries(closed).map(([name, end]) => `${name} ${end}`),
  ];
}
