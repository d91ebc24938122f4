import { test } from '@fast-check/vitest';
import { EMPTY, from, lastValueFrom, type Observable, of, type OperatorFunction, Subject, toArray } from 'rxjs';
import {
  alignLatest,
  type Clocked,
  concatMapValue,
  filterValue,
  holdUntil,
  mapValue,
  mergeClocked,
  reorder,
  scanValue,
  tapValue,
} from 'rxjs-clocked-dispatch';
import { describe, expect } from 'vitest';
import { fc } from '../support/fast-check.js';

type Message = Clocked<string>;

/** One clocked stream: runs forwards, with ties, and no tick that is news to nobody. */
const clockedStream = fc.array(fc.record({ step: fc.nat(3), isTick: fc.boolean() }), { maxLength: 30 }).map((steps) => {
  const stream: Message[] = [];
  let clock = 0;
  for (const { step, isTick } of steps) {
    if (isTick && step === 0) continue;
    clock += step;
    if (clock > 0) stream.push([isTick ? null : `v${stream.length}`, clock]);
  }
  return stream;
});

/** What happens to several inputs, one after the other. */
interface Happening {
  readonly input: number;
  readonly message: Message | 'complete';
}

const INPUTS = 3;

const happenings: fc.Arbitrary<Happening[]> = fc
  .tuple(
    fc.tuple(clockedStream, clockedStream, clockedStream),
    fc.array(fc.nat(INPUTS - 1), { minLength: 120, maxLength: 120 }),
  )
  .map(([streams, turns]) => {
    const rest = streams.map((stream, input) => [
      ...stream.map(([value, ts]): Message => [value === null ? null : `${input}${value}`, ts]),
      'complete' as const,
    ]);
    return turns.flatMap((input) => {
      const message = rest[input]?.shift();
      return message === undefined ? [] : [{ input, message }];
    });
  });

/** Plays the happenings to the inputs and records what comes of them. */
function play(
  combine: (inputs: Observable<Message>[]) => Observable<Clocked<unknown>>,
  script: readonly Happening[],
): (Clocked<unknown> | 'complete')[] {
  const inputs = Array.from({ length: INPUTS }, () => new Subject<Message>());
  const seen: (Clocked<unknown> | 'complete')[] = [];
  combine(inputs).subscribe({ next: (message) => seen.push(message), complete: () => seen.push('complete') });
  for (const { input, message } of script) {
    if (message === 'complete') inputs[input]?.complete();
    else inputs[input]?.next(message);
  }
  return seen;
}

/** Laws 2 and 4: timestamps never go back; ticks strictly increase and repeat nothing. */
function expectLawful(stream: readonly Clocked<unknown>[]): void {
  stream.forEach(([value, ts], i) => {
    const before = stream[i - 1]?.[1] ?? -1;
    if (value === null) expect(ts).toBeGreaterThan(before);
    else expect(ts).toBeGreaterThanOrEqual(before);
  });
}

function withoutTicks(seen: readonly (Clocked<unknown> | 'complete')[]): (Clocked<unknown> | 'complete')[] {
  return seen.filter((message) => message === 'complete' || message[0] !== null);
}

/** Merging by watermark, said with arrays and sorts. */
class WatermarkModel {
  readonly seen: (Clocked<unknown> | 'complete')[] = [];
  readonly promises = Array.from({ length: INPUTS }, () => -Infinity);
  readonly #reached = Array.from({ length: INPUTS }, () => -Infinity);
  #held: { readonly input: number; readonly value: string; readonly ts: number }[] = [];
  #clock = 0;

  readonly #emit: (messages: { input: number; value: string }[]) => unknown[];
  readonly #through: (ts: number) => number;

  /** `emit`: what comes of the messages of one timestamp; `through`: what an input that has come to `ts` is through with. */
  constructor(
    emit: (messages: { input: number; value: string }[]) => unknown[],
    through: (ts: number) => number = (ts) => ts,
  ) {
    this.#emit = emit;
    this.#through = through;
  }

  take({ input, message }: Happening): void {
    if (message === 'complete') this.promises[input] = Infinity;
    else {
      const [value, ts] = message;
      this.#reached[input] = ts;
      this.promises[input] = this.#through(ts);
      if (value !== null) this.#held.push({ input, value, ts });
    }
    const frontier = Math.min(...this.promises);
    const due = this.#held.filter(({ ts }) => ts <= frontier).sort((a, b) => a.ts - b.ts || a.input - b.input);
    this.#held = this.#held.filter(({ ts }) => ts > frontier);
    for (const ts of new Set(due.map((message) => message.ts))) {
      const values = this.#emit(due.filter((message) => message.ts === ts));
      if (values.length === 0) this.#tick(ts);
      for (const value of values) this.seen.push([value, ts]);
      this.#clock = ts;
    }
    this.#tick(frontier < Infinity ? frontier : Math.max(...this.#reached));
    if (frontier === Infinity) this.seen.push('complete');
  }

  #tick(ts: number): void {
    if (ts > this.#clock) this.seen.push([null, (this.#clock = ts)]);
  }
}

describe('mergeClocked', () => {
  test.prop([happenings])('emits what the model does', (script) => {
    const model = new WatermarkModel((messages) => messages.map(({ value }) => value));
    for (const happening of script) model.take(happening);
    expect(play(([source, ...others]) => source!.pipe(mergeClocked(...others)), script)).toEqual(model.seen);
  });

  test.prop([fc.array(clockedStream, { minLength: 1, maxLength: 4 })])(
    'loses nothing and keeps the laws, also where inputs emit in subscribe',
    async (streams) => {
      const [source, ...others] = streams.map((stream) => from(stream));
      const merged = await lastValueFrom(source!.pipe(mergeClocked(...others), toArray()));
      expectLawful(merged);
      const sorted = streams.flatMap((stream, input) => stream.map(([value, ts]) => ({ value, ts, input })));
      expect(merged.filter(([value]) => value !== null)).toEqual(
        sorted
          .filter(({ value }) => value !== null)
          .sort((a, b) => a.ts - b.ts || a.input - b.input)
          .map(({ value, ts }) => [value, ts]),
      );
    },
  );
});

describe('alignLatest', () => {
  /** An input that carries no clock may repeat a timestamp, and so is through with it only when it is beyond. */
  const WAYS = [
    { early: true, through: (ts: number): number => ts },
    { early: false, through: (ts: number): number => ts - 1 },
  ];

  test.prop([happenings, fc.constantFrom(...WAYS)])(
    'emits what the model does, until an input has completed without a value',
    (script, { early, through }) => {
      const latest = new Map<number, string>();
      const model = new WatermarkModel((messages) => {
        for (const { input, value } of messages) latest.set(input, value);
        return latest.size < INPUTS ? [] : [[0, 1, 2].map((input) => latest.get(input))];
      }, through);
      for (const happening of script) {
        model.take(happening);
        const { input, message } = happening;
        const had = script
          .slice(0, script.indexOf(happening))
          .some((past) => past.input === input && past.message[0] !== null);
        if (message === 'complete' && !had) {
          if (model.seen.at(-1) !== 'complete') model.seen.push('complete');
          break;
        }
      }
      const seen = play((inputs) => alignLatest(inputs, { early }), script);
      expectLawful(seen.filter((message) => message !== 'complete'));
      expect(withoutTicks(seen)).toEqual(withoutTicks(model.seen));
    },
  );

  test.prop([happenings])('emits a state at most once more at a timestamp that every input had reached', (script) => {
    const strict = script.filter(
      ({ input, message }, i) =>
        !script.slice(0, i).some((past) => past.input === input && past.message[1] === message[1]),
    );
    const states = play((inputs) => alignLatest(inputs), strict).filter(
      (message) => message[0] !== null && message !== 'complete',
    );
    expect(new Set(states.map((state) => state[1])).size).toBe(states.length);
  });
});

describe('reorder', () => {
  const disordered = fc.record({
    disorder: fc.nat(6),
    arrivals: fc.array(fc.record({ step: fc.nat(3), back: fc.nat(6), isTick: fc.boolean() }), { maxLength: 40 }),
  });

  test.prop([disordered])('emits what the model does', async ({ disorder, arrivals }) => {
    let most = 0;
    const source = arrivals.map(({ step, back, isTick }, i): Message => {
      most += step;
      return [isTick ? null : `v${i}`, Math.max(0, most - Math.min(back, disorder))];
    });

    const expected: Message[] = [];
    let held: Message[] = [];
    let clock = -Infinity;
    let reached = -Infinity;
    let least = Infinity;
    const advance = (frontier: number, told: number): void => {
      const due = held.filter(([, ts]) => ts <= frontier).sort((a, b) => a[1] - b[1]);
      held = held.filter(([, ts]) => ts > frontier);
      expected.push(...due);
      clock = Math.max(clock, due.at(-1)?.[1] ?? -Infinity);
      // Before anything was released, the time below all that came is no news.
      if (told > clock && told >= Math.min(1, least)) expected.push([null, (clock = told)]);
    };
    for (const message of source) {
      least = Math.min(least, message[1]);
      reached = Math.max(reached, message[1]);
      if (message[0] !== null) held.push(message);
      advance(reached - disorder, reached - disorder);
    }
    advance(Infinity, reached);

    const actual = await lastValueFrom(from(source).pipe(reorder({ disorder }), toArray()));
    expectLawful(actual);
    expect(actual).toEqual(expected);
  });

  test.prop([disordered])(
    'keeps the laws whatever comes, when late messages are dropped',
    async ({ disorder, arrivals }) => {
      const source = arrivals.map(({ step, back, isTick }, i): Message => [isTick ? null : `v${i}`, step * 10 + back]);
      expectLawful(await lastValueFrom(from(source).pipe(reorder({ disorder, late: 'drop' }), toArray())));
    },
  );
});

describe('holdUntil', () => {
  test.prop([happenings])('emits a message neither before its peer is through with it nor later', (script) => {
    const [source, peer] = [new Subject<Message>(), new Subject<Message>()];
    let reached = -Infinity;
    let through = -Infinity;
    const given: Message[] = [];
    const emitted: Message[] = [];
    source.pipe(holdUntil(peer)).subscribe((message) => emitted.push(message));
    for (const { input, message } of script) {
      const subject = input === 0 ? source : peer;
      if (input === 0 && message !== 'complete') given.push(message);
      // A peer that carries no clock may repeat a timestamp, and so is through with it only when it is beyond.
      if (input === 1)
        [reached, through] = message === 'complete' ? [Infinity, Infinity] : [message[1], message[1] - 1];
      if (input === 2) continue;
      if (message === 'complete') subject.complete();
      else subject.next(message);
      expectLawful(emitted);
      expect(withoutTicks(emitted)).toEqual(withoutTicks(given).filter(([, ts]) => Number(ts) <= through));
      expect(emitted.every(([, ts]) => ts <= reached)).toBe(true);
    }
  });
});

describe('every operator that keeps the clock', () => {
  const operators: Record<string, OperatorFunction<Message, Clocked<unknown>>> = {
    mapValue: mapValue((value) => value.length),
    filterValue: filterValue((_, ts) => ts % 3 === 0),
    scanValue: scanValue((state: string, value) => state + value, ''),
    tapValue: tapValue(() => undefined),
    concatMapValue: concatMapValue((value, ts) => (ts % 2 === 0 ? EMPTY : [value, value])),
    reorder: reorder({ disorder: 2 }),
    mergeClocked: mergeClocked(of<Message[]>(['x', 4], [null, 9])),
    alignLatest: (source) => alignLatest([source, of<Message[]>(['x', 4], [null, 9])]),
    holdUntil: holdUntil(of<Message>([null, 9])),
  };

  for (const [name, operator] of Object.entries(operators)) {
    test.prop([clockedStream])(`${name}: laws 2 and 4 hold, and no time goes missing`, async (stream) => {
      const result = await lastValueFrom(from(stream).pipe(operator, toArray()));
      expectLawful(result);
      if (name === 'alignLatest' && !stream.some(([value]) => value !== null)) return;
      expect(result.at(-1)?.[1] ?? 0).toBeGreaterThanOrEqual(stream.at(-1)?.[1] ?? 0);
    });
  }
});
