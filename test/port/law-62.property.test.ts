import { fc } from '../support/fast-check.js';
import { createDispatcher, serialize, type SerializingDispatcher } from 'rxjs-clocked-dispatch';
import { type DurableDispatcher, memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, type Connection, type Line, SendUnknownError, serve, type Server } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import type { FlakyLine } from './support/flaky-line.js';
import { FlakyDial, type LineStep, lineSteps } from './support/line-steps.js';
import { stored } from './support/stored.js';
import { VirtualTime } from './support/virtual-time.js';

/*
 * Law 62: what the server remembers of senders is bounded; past the bound the answer is "unknown", never a silent second copy.
 *
 * Servers remember little here, and are replaced by ones that remember nothing. Whatever happens, each message is accepted
 * once at most; what `send` resolves with is its place, and what it rejects with says that nobody knows, and after
 * which timestamp to look; and nobody is told so who is remembered still.
 */

type Step =
  | LineStep
  | { readonly do: 'send'; readonly client: number; readonly count: number }
  | { readonly do: 'loseAnswer'; readonly client: number }
  | { readonly do: 'others'; readonly count: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'replace' };

interface Settings {
  readonly isLog: boolean;
  readonly window: number;
  readonly sessions: number;
  readonly linger: number;
  readonly dedupe: number;
  /** Milliseconds until a client is back. */
  readonly retry: number;
  /** How much others write while the lines of a client carry everything. */
  readonly busy: number;
}

const CLIENTS = 3;
/** More ids than are ever used. */
const MANY = 1000;

const client = fc.nat(CLIENTS - 1);
const loseAnswer = fc.record({ do: fc.constant('loseAnswer' as const), client });
const step: fc.Arbitrary<Step> = fc.oneof(
  ...lineSteps(client),
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('send' as const), client, count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 4, arbitrary: loseAnswer },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('others' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replace' as const) }) },
);
const settings: fc.Arbitrary<Settings> = fc.record({
  isLog: fc.boolean(),
  window: fc.integer({ min: 1, max: 5 }),
  sessions: fc.nat(CLIENTS),
  linger: fc.constantFrom(1, 10, 40, Infinity),
  dedupe: fc.oneof(fc.nat(12), fc.constant(MANY)),
  retry: fc.constantFrom(1, 1, 10, 50),
  busy: fc.nat(3),
});

/** A log whose ids are forgotten while a client comes back: no session is remembered, and others write all the time. */
const fastLog: fc.Arbitrary<Settings> = fc.record({
  isLog: fc.constant(true),
  window: fc.integer({ min: 1, max: 5 }),
  sessions: fc.constant(0),
  linger: fc.constant(1),
  dedupe: fc.integer({ min: 2, max: 26 }),
  retry: fc.constant(1),
  busy: fc.integer({ min: 1, max: 8 }),
});
const comeBack = fc.array(client, { maxLength: 8, size: 'max' }).map((clients) =>
  clients.flatMap((client): Step[] => [
    { do: 'flow', client },
    { do: 'loseAnswer', client },
    { do: 'flow', client },
  ]),
);

/** A client with one sender, and what became of its messages. */
class Client {
  readonly connection: Connection<string>;
  readonly dial: FlakyDial;
  readonly accepted = new Map<string, number>();
  readonly unknown = new Map<string, number>();
  readonly faults: string[] = [];
  sent = 0;
  readonly #name: string;

  constructor(name: string, accept: (line: Line) => void, time: VirtualTime, { isLog, retry }: Settings) {
    this.#name = name;
    this.dial = new FlakyDial(accept, time);
    this.connection = connect<string>(this.dial.dial, { retry, maxRetry: retry, silence: Infinity, scheduler: time });
    // It knows the time, and by that how long ago a message was sent.
    if (isLog) this.connection.receiver('clock').subscribe();
  }

  send(count: number): void {
    this.#sender ??= this.connection.sender(this.#name, 'ui');
    for (let i = 0; i < count; i++) {
      const value = `${this.#name}.${++this.sent}`;
      this.#sender.send(value).then(
        (ts) => this.accepted.set(value, ts),
        (error: unknown) => {
          if (error instanceof SendUnknownError) this.unknown.set(value, error.after);
          else this.faults.push(String(error));
        },
      );
    }
  }

  get isSettled(): boolean {
    return this.accepted.size + this.unknown.size + this.faults.length === this.sent;
  }

  /** Answers to `join` that say that nothing is known. */
  get wasForgotten(): boolean {
    const isForgotten = ({ passages }: FlakyLine): boolean =>
      passages.some(
        ({ frame: [kind, , joined] }) => kind === 'joined' && (joined as { known?: boolean }).known === false,
      );
    return this.dial.lines.some(isForgotten);
  }

  #sender: ReturnType<Connection<string>['sender']> | undefined;
}

/** What is served, what of it was accepted, and somebody else who writes. */
interface Served {
  readonly dispatcher: DurableDispatcher<string> | SerializingDispatcher<string>;
  readonly accepted: () => Promise<[value: string, ts: number][]>;
  readonly other: () => Promise<number>;
}

async function served({ isLog, dedupe }: Settings): Promise<Served> {
  if (isLog) {
    const log = memoryLog({ dedupe });
    // Many appends: ids leave between them.
    const dispatcher = await openDispatcher<string>(log, { batch: 2 });
    const own = dispatcher.sender('own', 'others');
    let ids = 0;
    return { dispatcher, accepted: () => stored(log, ['ui']), other: () => own.send('x', { id: `own.${++ids}` }) };
  }
  const dispatcher = createDispatcher<string>(serialize());
  const got: [string, number][] = [];
  dispatcher.receiver('ui').subscribe(([value, ts]) => {
    if (value !== null) got.push([value, ts]);
  });
  dispatcher.receiver('others').subscribe();
  const own = dispatcher.sender('own', 'others');
  // Receivers stay when other senders leave.
  dispatcher.broadcaster('also own');
  return { dispatcher, accepted: () => Promise.resolve(got), other: () => own.send('x') };
}

async function run(chosen: Settings, steps: readonly Step[]): Promise<void> {
  const time = new VirtualTime();
  const { dispatcher, accepted, other } = await served(chosen);
  const { window, sessions, linger, dedupe, busy } = chosen;
  const start = (): Server =>
    serve(dispatcher, { window, sessions, linger, dedupe, silence: Infinity, scheduler: time });
  let server = start();
  const clients = Array.from(
    { length: CLIENTS },
    (_, i) => new Client(`c${i}`, (line) => server.accept(line), time, chosen),
  );
  const isKnownById = chosen.isLog && dedupe === MANY;
  let mayForget = !isKnownById && (sessions < CLIENTS || linger < Infinity);
  /** Lines that speak for a session. */
  const speaking = ({ server: end, passages }: FlakyLine): boolean =>
    !end.closed && passages.some(({ at, did, frame }) => at === 'server' && did === 'take' && frame[0] === 'hello');
  const look = (): void => {
    const { sessions: remembered, senders } = server.stats();
    const lines = clients.flatMap(({ dial }) => dial.lines).filter(speaking).length;
    expect(remembered, 'sessions that are remembered').toBeLessThanOrEqual(lines + sessions);
    expect(senders).toBeLessThanOrEqual(remembered);
  };
  /** Everything of a client arrives, while others write; by the end it knows the time. */
  const flow = async ({ dial }: Client): Promise<void> => {
    for (let i = 0; i < 6; i++) {
      if (i < 4) for (let j = 0; j < busy; j++) void other();
      dial.line?.deliver();
      await time.pass(1);
    }
  };

  /** A message arrives, and its answer does not. */
  const losingAnswer = async (one: Client): Promise<void> => {
    one.send(1);
    await time.pass(1);
    one.dial.line?.server.deliver(Infinity);
    await time.pass(1);
    one.dial.line?.break();
  };

  for (const one of clients) {
    one.send(1);
    await flow(one);
  }
  for (const next of steps) {
    if (next.do === 'replace') {
      for (const { dial } of clients) for (const line of dial.lines) line.break();
      server.close();
      server = start();
      mayForget ||= !isKnownById;
    } else if (next.do === 'others') for (let i = 0; i < next.count; i++) void other();
    else if (next.do === 'wait') await time.pass(next.ms);
    else if (next.do === 'send') clients[next.client]!.send(next.count);
    else if (next.do === 'loseAnswer') await losingAnswer(clients[next.client]!);
    else if (next.do === 'flow') await flow(clients[next.client]!);
    else await clients[next.client]!.dial.take(next);
    await time.pass(1);
    look();
  }
  // Now everything goes well; who is there is not forgotten, however long that takes.
  for (const one of clients) await flow(one);
  await time.pass(50);
  for (const one of clients) one.send(1);
  for (let i = 0; i < 1000 && !clients.every(({ isSettled }) => isSettled); i++) {
    for (const { dial } of clients) dial.line?.deliver();
    await time.pass(1);
    look();
  }

  const all = await accepted();
  const places = new Map(all);
  expect(places.size, 'messages that were accepted twice').toBe(all.length);
  for (const one of clients) {
    expect(one.faults).toEqual([]);
    expect(one.isSettled, 'each message has an answer').toBe(true);
    for (const [value, ts] of one.accepted) expect(ts, value).toBe(places.get(value));
    for (const [value, after] of one.unknown) expect(places.get(value) ?? Infinity, value).toBeGreaterThan(after);
    if (!mayForget) expect(one.wasForgotten, 'one that is remembered').toBe(false);
    if (!one.wasForgotten) expect(one.unknown.size).toBe(0);
  }

  for (const { connection, dial } of clients) {
    connection.close();
    for (const line of dial.lines) line.break();
  }
  await time.pass(1);
  if (linger < Infinity) {
    await time.pass(linger);
    expect(server.stats()).toMatchObject({ lines: 0, sessions: 0, senders: 0 });
    expect(dispatcher.stats().sources.filter(({ name }) => !name.endsWith('own'))).toEqual([]);
  }
  server.close();
  expect(time.timers, 'timers that outlive their reason').toBe(0);
  await dispatcher.close();
}

describe('law 62: what a server remembers of senders is bounded, and what it has forgotten is "unknown"', () => {
  test('with servers that remember little, and are replaced', async () => {
    await fc.assert(fc.asyncProperty(settings, fc.array(step, { maxLength: 60, size: 'max' }), run), { numRuns: 150 });
  });

  test('of a log that others write to meanwhile', async () => {
    await fc.assert(fc.asyncProperty(fastLog, comeBack, run), {
      numRuns: 150,
    });
  });
});
