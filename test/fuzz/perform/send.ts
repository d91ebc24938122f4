import type { Answer } from '../library.js';
import type { OperationOf } from '../operation.js';
import type { ReceiverRecord } from '../receiver-record.js';
import type { Call, Message, SenderRecord, World } from '../world.js';
import { routeOf } from './join.js';

export function next(world: World, { sender, value, ts }: OperationOf<'next'>): void {
  const record = world.senders.get(sender);
  if (record === undefined) return;
  const message = create(world, record, value, ts);
  if (record.sender.closed) message.fate = 'refused';
  noticingFailure(world, record, ts, () => record.sender.next(ts === undefined ? message.name : [message.name, ts]));
  message.counted = true;
}

/** What is beyond the window may give up what is missing: with `gap: 'error'` everybody fails for that, also where nothing is held. */
function makesWay({ setup, dispatcher, receivers }: World, ts: number | undefined): boolean {
  const { mode, gap, window = Infinity } = setup;
  if (mode !== 'sequence' || gap !== 'error' || ts === undefined || ts <= dispatcher.clock + window) return false;
  return [...receivers.values()].some(({ overflow }) => overflow === 'drop-oldest');
}

/** Late, ahead, beyond the window: that is an error of the source, for those who are there when `bring` is called. */
function noticingFailure(world: World, record: SenderRecord, ts: number | undefined, bring: () => void): void {
  const { closed } = record.sender;
  const there = [...world.receivers.values()];
  if (makesWay(world, ts)) for (const receiver of there) receiver.mayHaveFailed = true;
  bring();
  if (!closed && record.sender.closed && !record.left && !world.closed) failTargets(world, record, there);
}

/** Whether a function of the value says where it goes. */
export function isByFunction({ route }: SenderRecord): boolean {
  return typeof route === 'object' && 'among' in route;
}

/** An error of a source reaches its receivers: what they take from now on isn't known. */
export function failTargets(
  world: World,
  { route }: SenderRecord,
  receivers: Iterable<ReceiverRecord> = world.receivers.values(),
): void {
  if (world.setup.sourceError === 'complete') return;
  for (const record of receivers) {
    if (typeof route === 'number' ? record.id === route : !Array.isArray(route) || route.includes(record.id)) {
      record.failed = true;
    }
  }
}

export function tryToSend(world: World, { sender, value, ts }: OperationOf<'try'>): void {
  const record = world.senders.get(sender);
  if (record === undefined) return;
  const waiting = waitingOf(world, record);
  const { clock } = world.dispatcher;
  const isUsed = ts !== undefined && world.setup.mode === 'sequence' && (ts <= clock || world.isFilled(ts));
  const message = create(world, record, value, ts);
  const { name } = message;
  record.sent.push(message);
  const full = fullFor(world, message);
  const answer = ts === undefined ? record.sender.trySend(name) : record.sender.tryForward(name, ts);
  message.counted = true;
  answered(world, message, answer);
  if (!answer.ok) return;
  if (full !== undefined) world.fail('bound', `${name} was accepted, but it was full: ${full}`);
  if (waiting > 0) world.fail('overtakes', `${name} was accepted while ${waiting} calls of ${record.name} wait`);
  if (isUsed) world.fail('timestamp twice', `${name} was accepted at ${ts}; the clock was at ${clock}`);
}

export function wait(world: World, { sender, value, ts, signal }: OperationOf<'wait'>): void {
  const record = world.senders.get(sender);
  if (record === undefined) return;
  // A routing function may send something later first. With a frontier for each receiver it may be late at one of them
  // when it is made: where the others leave, that counts.
  const inOrder = !isByFunction(record) && ts !== undefined && ts >= record.last && world.setup.frontier !== 'receiver';
  const call = callOf(`send of m${value}`, record, inOrder, !isByFunction(record) && !isAborted(world, signal));
  const message = create(world, record, value, ts, call);
  call.messages.push(message);
  record.sent.push(message);
  const options = optionsOf(world, signal);
  const promise: Promise<unknown> =
    ts === undefined ? record.sender.send(message.name, options) : record.sender.forward(message.name, ts, options);
  world.track(call, promise, (stamp) => accepted(world, message, stamp));
}

export function tick(world: World, { sender, ts, how }: OperationOf<'tick'>): void {
  const record = world.senders.get(sender);
  if (record === undefined) return;
  record.last = Math.max(record.last, ts);
  record.inTimeFrom = Math.max(record.inTimeFrom, ts + 1);
  world.ticks++;
  const { mode } = world.setup;
  // Where the numbering begins with the first message, a tick before it says nothing.
  const begun = Number.isFinite(world.dispatcher.clock);
  const taken = (): void => {
    if (mode === 'sequence' && begun) world.take(ts, `a tick of ${record.name}`);
  };
  if (how === 'next') return noticingFailure(world, record, ts, () => record.sender.next([null, ts]));
  if (how === 'try') {
    if (record.sender.tryForward(null, ts).ok) taken();
    return;
  }
  world.track(callOf(`tick ${ts} of ${record.name}`, record, true), record.sender.forward(null, ts), taken);
}

export function fill(world: World, { sender, from, to }: OperationOf<'fill'>): void {
  const record = world.senders.get(sender);
  const begun = Number.isFinite(world.dispatcher.clock);
  if (record?.sender.fill?.(from, to).ok !== true || !begun) return;
  for (let ts = from; ts <= to; ts++) world.filled.add(ts);
}

export function expectNumber(world: World, { sender, ts }: OperationOf<'expect'>): void {
  world.senders.get(sender)?.sender.expect?.(ts);
}

export function snapshot(world: World, { sender, value, ts }: OperationOf<'snapshot'>): void {
  const record = world.senders.get(sender);
  if (record?.sender.snapshot === undefined) return;
  const message = create(world, record, value, ts);
  const answer = record.sender.snapshot(message.name, ts);
  // What was held up to there is dropped, at this very number, too.
  if (answer.ok) world.filled.add(ts);
  message.fate = answer.ok ? 'accepted' : 'refused';
  message.counted = true;
}

export function transact(world: World, { id, messages, signal }: OperationOf<'transact'>): void {
  const { dispatcher } = world;
  if (dispatcher.transact === undefined) return;
  const parts = messages.flatMap(([sender, value]) => {
    const record = world.senders.get(sender);
    return record === undefined ? [] : [{ record, value }];
  });
  if (parts.length === 0) return;
  const began = !parts.some(({ record }) => isByFunction(record)) && !isAborted(world, signal);
  const call = callOf(`transaction ${id}`, undefined, true, began);
  for (const { record, value } of parts) {
    const message = create(world, record, value, undefined, call, id);
    call.messages.push(message);
    record.sent.push(message);
  }
  const pairs = parts.map(({ record }, i) => [record.sender, (call.messages[i] as Message).name] as const);
  world.track(call, dispatcher.transact(pairs, optionsOf(world, signal)), (ts) => {
    for (const message of call.messages) accepted(world, message, ts);
  });
}

function create(
  world: World,
  sender: SenderRecord,
  value: number,
  ts: number | undefined,
  call?: Call,
  transaction?: number,
): Message {
  const name = `m${value}`;
  const { route } = sender;
  const targets =
    route === 'all'
      ? route
      : typeof route === 'number'
        ? [`r${route}`]
        : 'among' in route
          ? routeOf(route.among, name)
          : route.map((id) => `r${id}`);
  const open = [...world.receivers.values()].filter(
    (record) => record.open && (targets === 'all' || targets.includes(record.name)),
  );
  const order = world.order++;
  const isFirst = !world.calls.some(
    ({ state, messages }) => state === 'pending' && messages.some((message) => message.sender === sender),
  );
  const message: Message = {
    name,
    sender,
    targets,
    call,
    transaction,
    open,
    order,
    ts,
    fate: 'unknown',
    // A routing function may say more first, and whoever is idle is not waited for.
    inTime:
      ts !== undefined &&
      ts >= sender.inTimeFrom &&
      !isByFunction(sender) &&
      world.setup.mode === 'watermark' &&
      world.setup.idleAfter === undefined,
    isFirst,
    counted: false,
  };
  world.messages.set(name, message);
  world.unconfirmed.push(message);
  if (ts !== undefined) {
    sender.last = Math.max(sender.last, ts);
    sender.inTimeFrom = Math.max(sender.inTimeFrom, ts - sender.disorder);
  }
  return message;
}

function answered(world: World, message: Message, answer: Answer): void {
  if (answer.ok) return accepted(world, message, answer.ts);
  world.refuse(message, answer.reason ?? '');
  if (answer.reason === 'late') world.checkLate(message);
}

function accepted(world: World, message: Message, stamp: unknown): void {
  message.fate = 'accepted';
  if (world.setup.mode === 'serialize') {
    if (typeof stamp !== 'number')
      return world.fail('no timestamp', `${message.name} was accepted at ${String(stamp)}`);
    world.stamp(message, stamp);
  } else if (world.setup.mode === 'sequence') world.take(message.ts as number, message.name);
}

/** Calls of this sender that wait, where a `try…` must not pass them. */
function waitingOf(world: World, record: SenderRecord): number {
  const { name, sent } = record;
  if (world.setup.mode === 'sequence' || isByFunction(record)) return 0;
  if (!sent.some(({ call }) => call?.state === 'pending')) return 0;
  // Version 0.1 has no such field.
  return world.dispatcher.stats().sources.find((source) => source.name === name)?.waiting ?? 0;
}

export function callOf(what: string, sender: SenderRecord | undefined, inOrder: boolean, began = true): Call {
  return { what, sender, messages: [], state: 'pending', waited: false, inOrder, began };
}

/**
 * The receiver of a message, where it is full and something is readable there, so that not even what everybody waits for
 * comes in (law 15). Looked for now and then only, since `stats()` is an operation, too, which commits what is due.
 */
function fullFor(world: World, { name, sender, targets }: Message): string | undefined {
  if (world.legacy || world.setup.frontier === 'receiver' || isByFunction(sender)) return undefined;
  if (targets === 'all' || targets.length !== 1 || Number(name.slice(1)) % 3 > 0) return undefined;
  const receiver = world.dispatcher.stats().receivers.find((each) => each.name === targets[0]);
  if (receiver === undefined || receiver.bound === 0 || receiver.queued === 0) return undefined;
  return receiver.queued + receiver.held >= receiver.bound ? JSON.stringify(receiver) : undefined;
}

function isAborted(world: World, signal: number | undefined): boolean {
  return signal !== undefined && world.signals.get(signal)?.signal.aborted === true;
}

export function optionsOf(world: World, signal: number | undefined): { readonly signal?: AbortSignal } {
  if (signal === undefined) return {};
  let controller = world.signals.get(signal);
  if (controller === undefined) {
    controller = new AbortController();
    controller.signal.addEventListener('abort', () => world.react(`abort of a${signal}`));
    world.signals.set(signal, controller);
  }
  return { signal: controller.signal };
}
