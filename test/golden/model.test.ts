import { fc } from '../support/fast-check.js';
import { describe, expect, test } from 'vitest';
import { Crate } from './crate.js';
import { ALL_DEPARTURES, crateWith } from './departures.js';
import { Engine } from './engine.js';
import { Lawful } from './lawful.js';
import type { Recording } from './records.js';
import { replay } from './replay.js';
import { NOTHING, scripts } from './scripts.js';

const RUNS = 500;
/** The same scripts in each run, so that what is said of the model is said once and for all. */
const SEED = 20161118;

describe.for(['serialize', 'sequential', 'watermark'] as const)('scripts that nobody has recorded: %s', (file) => {
  test('the model of the crate, with every departure, comes to what the laws say', () => {
    fc.assert(
      fc.property(scripts(file), (script: Recording) => {
        expect(crateWith(ALL_DEPARTURES, script)).toEqual(replay(script, new Lawful(script)));
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  test('the engine answers as the model does', () => {
    fc.assert(
      fc.property(scripts(file), (script: Recording) => {
        expect(replay(script, new Engine(script))).toEqual(crateWith(ALL_DEPARTURES, script));
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});

test.for(['sequential', 'watermark'] as const)(
  'a broadcast held while nobody is there waits for who comes: %s',
  (file) => {
    const script: Recording = {
      id: 'nobody there',
      file,
      bound: 10,
      seed: 0,
      ops: [
        { op: 'new', sender: 's0', receiver: 'r0' },
        { op: 'into_broadcaster', sender: 's0', name: 'all' },
        { op: 'bclone', sender: 'all', name: 'gate' },
        { op: 'drop_receiver', receiver: 'r0' },
        { op: 'broadcast_forward', sender: 'all', value: 'v2', ts: 2 },
        { op: 'new', sender: 's1', receiver: 'r1' },
        { op: 'recv', receiver: 'r1' },
        { op: 'broadcast_forward', sender: 'gate', value: null, ts: 1 },
        { op: 'forward', sender: 's1', value: 'v3', ts: 3 },
      ],
      finalDrops: ['all', 'gate', 's1'],
      crate: NOTHING,
    };

    for (const player of [new Lawful(script), new Crate(script, ALL_DEPARTURES), new Engine(script)]) {
      expect(replay(script, player).drained).toEqual({
        r1: [
          ['v2', 2],
          ['v3', 3],
        ],
      });
    }
  },
);
