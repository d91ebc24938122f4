import { expect, test } from 'vitest';
import { Crate } from './crate.js';
import { recordings } from './records.js';
import { replay } from './replay.js';
import { Engine } from './engine.js';
import { DEPARTURES, type Departure } from './departures.js';
test('x', () => {
  for (const f of ['serialize', 'sequential', 'watermark'] as const) {
    const bad: string[] = [];
    const all = Object.keys(DEPARTURES) as Departure[];
    for (const r of recordings(f)) {
      expect(replay(r, new Crate(r, []))).toEqual(r.crate);
      const laws = replay(r, new Crate(r, all));
      let engine;
      try { engine = replay(r, new Engine(r)); } catch (e) { engine = String((e as Error).stack); }
      if (JSON.stringify(laws) !== JSON.stringify(engine)) { bad.push(r.id); if (bad.length < 4) console.log(r.id, JSON.stringify(r.ops.map((o) => Object.values(o).join(' '))), r.finalDrops, '\n', JSON.stringify(laws), '\n', JSON.stringify(engine)); }
    }
    console.log(f, 'bad', bad.length);
  }
});
