import { defer, filter, from, ignoreElements, map, merge, type Observable, type Observer, Subject, timer } from 'rxjs';
import {
  ALL,
  type Clocked,
  clockedDispatch,
  type ClockedReceiver,
  createDispatcher,
  type ForwardingDispatcher,
  type DispatcherOptions,
  type Mode,
  type ReceiverOptions,
  type Scheduler,
  type SenderOptions,
  type SerializingDispatcher,
  source,
  type Source,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { marbles } from './support.js';

/**
 * Rows of sources and receivers, under each other in one column; a column is a millisecond:
 *
 *     web > orders       a  -  c      a source, and where it writes to: `orders`, `orders+log`, or `*` for all
 *     web joins          ^            when it joins, if not at the start; also of a receiver
 *     web heard          ^  -  !      how long it is expected to be subscribed
 *     orders             a1 -  c2     what a subscriber of the receiver is expected to get
 *     orders reads       -  ^  !      from when to when the subscriber of the next row is there
 *     orders pulls       -  p  p      the reader of the next row takes one message at each `p` instead of subscribing
 *
 *     result                 |        of the operator: when it completes
 *     result reads       ^      !     of the operator: when it is unsubscribed
 *
 * What happens in the same column happens from top to bottom, after all that joins or begins to read there.
 */
type Rows = string;

export type RunContext = Parameters<Parameters<typeof marbles>[0]>[0];

/** Ticks that a scheduler brings together. */
export const coalesced = ({ scheduler }: RunContext): { readonly ticks: Scheduler } => ({
  ticks: { now: () => scheduler.now(), schedule: (work) => scheduler.schedule(work, 3) },
});

/** A mode, alone or with the options of its dispatcher. */
type Options = Mode | readonly [mode: Mode, options: DispatcherOptions<string>];

export interface More {
  readonly senders?: Readonly<Record<string, SenderOptions>>;
  readonly receivers?: Readonly<Record<string, ReceiverOptions<string>>>;
  /** What `#` stands for in the rows of receivers; by default the string 'error', as in those of sources. */
  readonly error?: unknown;
}

type Receivers = ReadonlyMap<string, ClockedReceiver<string>>;

/** A test that gives the rows of sources to a dispatcher, and expects those of its receivers. */
export function dispatched(options: Options | ((m: RunContext) => Options), rows: Rows, more?: More): () => void {
  return marbles((m) => {
    const [mode, given] = pairOf(typeof options === 'function' ? options(m) : options);
    // No overload takes a mode that is not known yet; `run` takes what comes of any.
    run(m, createDispatcher<string>(mode as Mode<'serialize'>, given), rows, more);
  });
}

/** Gives the rows of sources to this dispatcher, and expects those of its receivers. */
export function run(
  m: RunContext,
  dispatcher: SerializingDispatcher<string> | ForwardingDispatcher<string>,
  rows: Rows,
  { receivers = {}, senders = {}, error }: More = {},
): Receivers {
  const lines = read(rows);
  const made = new Map<string, ClockedReceiver<string>>();
  const receiver = (name: string): ClockedReceiver<string> => {
    const it = made.get(name) ?? dispatcher.receiver(name, receivers[name]);
    made.set(name, it);
    return it;
  };
  const join = ({ name, to }: Line, input: Observable<unknown>): void => {
    const sender =
      dispatcher.mode === 'serialize' ? dispatcher.sender(name, to) : dispatcher.sender(name, to, senders[name]);
    input.subscribe(sender as Observer<unknown>);
  };

  for (const { name, verb } of lines) if (isOfReceiver(verb) && joining(lines, name) === 0) receiver(name);
  for (const line of lines) {
    if (line.verb === '>') {
      const input = inputOf(m, dispatcher.mode, line);
      expectHeard(m, lines, line.name, input);
      const frame = joining(lines, line.name);
      if (frame === 0) join(line, input);
      else m.scheduler.schedule(() => join(line, input), frame);
    } else if (line.verb === 'gets') expectGets(m, lines, line, () => receiver(line.name), error);
  }
  return made;
}

/** A test that gives the rows of sources to `clockedDispatch`, and expects those of its receivers and its result. */
export function piped(options: Options, rows: Rows, { receivers = {}, senders = {}, error }: More = {}): () => void {
  const [mode, given] = pairOf(options);
  return marbles((m) => {
    const lines = read(rows);
    const sources = lines
      .filter(({ verb }) => verb === '>')
      .map((line) => {
        const input = inputOf(m, mode.name, line) as Observable<Clocked<string>>;
        expectHeard(m, lines, line.name, input);
        const it = source<Clocked<string>, string>(line.name, input, {
          to: line.to,
          ...senders[line.name],
        });
        return { it, frame: joining(lines, line.name) };
      });
    const names = new Set(
      lines.filter(({ name, verb }) => isOfReceiver(verb) && name !== 'result').map(({ name }) => name),
    );
    const operator = clockedDispatch<string, Source<Clocked<string>>>(mode as Mode<'watermark'>, {
      ...given,
      receivers: [...names].map((name) => ({ name, ...receivers[name] })),
    });
    const outer = merge(
      from(sources.filter(({ frame }) => frame === 0).map(({ it }) => it)),
      ...sources.filter(({ frame }) => frame > 0).map(({ it, frame }) => timer(frame).pipe(map(() => it))),
    );

    const made = new Map<string, ClockedReceiver<string>>();
    const result = new Subject<ClockedReceiver<string>>();
    result.subscribe({ next: (receiver) => made.set(receiver.name, receiver), error: ignore });
    const subscription = outer.pipe(operator).subscribe(result);
    for (const line of lines) {
      if (line.verb === 'reads' && line.name === 'result')
        m.scheduler.schedule(() => subscription.unsubscribe(), frameOf(line.row, '!'));
      else if (line.verb === 'gets')
        expectGets(m, lines, line, () => made.get(line.name) ?? result.pipe(ignoreElements()), error);
    }
  });
}

function pairOf(options: Options): readonly [mode: Mode, options: DispatcherOptions<string>] {
  return 'name' in options ? [options, {}] : options;
}

interface Line {
  readonly name: string;
  readonly verb: string;
  readonly to: string[] | typeof ALL;
  readonly row: string;
}

function read(rows: Rows): Line[] {
  return rows
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const parts = LINE.exec(text);
      if (parts === null) throw new Error(`no row: ${text}`);
      const [, name = '', to, verb = 'gets', row = ''] = parts;
      if (to === undefined) return { name, verb, to: [], row };
      return { name, verb: '>', to: to === '*' ? ALL : to.split('+'), row };
    });
}

const LINE = /^(\S+)(?: > (\S+)| (joins|heard|reads|pulls))? {2,}(\S.*)$/;

const ignore = (): void => {};

function isOfReceiver(verb: string): boolean {
  return verb === 'gets' || verb === 'reads' || verb === 'pulls';
}

function inputOf(m: RunContext, mode: Mode['name'], { row }: Line): Observable<unknown> {
  return mode === 'serialize' ? m.hot(row) : m.hot(...clocked(row));
}

function joining(lines: readonly Line[], name: string): number {
  const line = lines.find((other) => other.name === name && other.verb === 'joins');
  return line === undefined ? 0 : frameOf(line.row, '^');
}

function frameOf(row: string, sign: string): number {
  return row.replaceAll(' ', '').indexOf(sign);
}

function expectHeard(m: RunContext, lines: readonly Line[], name: string, input: Observable<unknown>): void {
  const line = lines.find((other) => other.name === name && other.verb === 'heard');
  if (line !== undefined) m.expect(input).toHaveSubscriptions(line.row);
}

/** How the receiver is read says the line before, or else when it joins. */
function expectGets(
  m: RunContext,
  lines: readonly Line[],
  line: Line,
  receiver: () => Observable<Clocked<string>> | ClockedReceiver<string>,
  error: unknown,
): void {
  const before = lines[lines.indexOf(line) - 1];
  const how = before?.name === line.name && before.verb !== 'gets' ? before : undefined;
  const expected = clocked(line.row, undefined, error);
  if (how?.verb !== 'pulls') {
    m.expect(
      defer(() => receiver()),
      how?.row,
    ).toBeObservable(...expected);
    return;
  }
  const asks = m.hot(how.row);
  const taken = asks.pipe(
    map(() => (receiver() as ClockedReceiver<string>).tryReceive()),
    filter((item) => item !== undefined),
  );
  m.expect(taken).toBeObservable(...expected);
}
