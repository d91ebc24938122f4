import { beforeAll, describe, expect, it } from 'vitest';
import { parseArguments } from '../../examples/flight-board/arguments.js';
import { AUDIT, outOfOrder, type Board } from '../../examples/flight-board/boards.js';
import { byArrival, loadFlights, type Flight } from '../../examples/flight-board/flights.js';
import { replay } from '../../examples/flight-board/replay.js';

let flights: readonly Flight[] = [];

beforeAll(async () => {
  flights = await loadFlights(parseArguments([]).data, Infinity);
});

describe('the real flights', () => {
  it('come in out of order by the thousand', () => {
    expect(flights).toHaveLength(20_000);
    expect(flights.map(({ ts }) => ts)).toEqual(upTo(20_000));
    expect(outOfOrder(byArrival(flights).map(({ ts }) => ts))).toBe(11_687);
  });

  it('stay so by plain merge, and leave every board with a clock of its own', async () => {
    const { boards, heldMost } = await replay(flights, 'plain merge');
    expect(boards).toHaveLength(224);
    expect(boards.map(({ shown }) => outOfOrder(shown)).reduce((a, b) => a + b)).toBe(11_687 + 866);
    expect(new Set(boards.map(({ clock }) => clock)).size).toBeGreaterThan(100);
    expect(heldMost).toBe(0);
  });

  it.each([
    ['sequence', 96],
    ['watermark', 96],
  ] as const)('go out in the order of the schedule by %s, each once, and all clocks agree', async (way, held) => {
    const { boards, heldMost } = await replay(flights, way);
    expect(audit(boards).shown).toEqual(upTo(20_000));
    for (const { name, shown, clock } of boards) {
      if (name !== AUDIT) expect(shown).toEqual(flights.filter((f) => f.destination === name).map(({ ts }) => ts));
      expect(clock).toBe(20_000);
    }
    expect(heldMost).toBe(held);
  });
});

describe('a replay', () => {
  it('tells how far it is, up to the last flight', async () => {
    const told: number[] = [];
    await replay(flights.slice(0, 120), 'sequence', (reported) => told.push(reported));
    expect(told).toEqual([50, 100, 120]);
  });

  it.each(['sequence', 'watermark'] as const)('by %s finds the one airport that everybody waits for', async (way) => {
    const { waitedFor, heldMost, samples } = await replay(oneStraggler(), way);
    expect([...waitedFor]).toEqual([['LGA', 2]]);
    expect(heldMost).toBe(100);
    expect(samples).toBe(3);
  });
});

/** A hundred flights that wait for one: the first of the schedule is reported last. */
function oneStraggler(): Flight[] {
  return upTo(101).map((ts) => ({
    ts,
    origin: ts === 1 ? 'LGA' : 'JFK',
    destination: 'BOS',
    reported: ts === 1 ? 1000 : ts,
  }));
}

function audit(boards: readonly Board[]): Board {
  return boards.find(({ name }) => name === AUDIT)!;
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
