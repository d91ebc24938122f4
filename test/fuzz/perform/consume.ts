import { Subject, combineLatest, take, takeUntil, throwError } from 'rxjs';
import { Consumer } from '../consumer.js';
import type { Delivery, Item, Receiver } from '../library.js';
import type { OperationOf } from '../operation.js';
import type { ReceiverRecord } from '../receiver-record.js';
import { Intended } from '../world.js';
import type { World } from '../world.js';
import { callOf, optionsOf } from './send.js';

export function subscribe(world: World, { receiver, id, take: count }: OperationOf<'subscribe'>): void {
  const record = world.receivers.get(receiver);
  if (record === undefined) return;
  const name = `c${id} of ${record.name}`;
  const consumer = new Consumer(world, record, name);
  world.consumers.set(id, consumer);
  record.subscribers++;
  let told = 0;
  const end = (how: 'completed' | 'failed' | 'left'): void => {
    if (consumer.ended !== undefined) return;
    consumer.ended = how;
    record.subscribers--;
  };
  const stop = new Subject<void>();
  consumer.leave = () => {
    end('left');
    stop.next();
  };
  record.receiver.pipe(take(count ?? Infinity), takeUntil(stop)).subscribe({
    next: (item) => {
      consumer.tell(item);
      if (++told === count) end('left');
      world.react(`c${id} ${show(item)}`);
    },
    error: (error: unknown) => {
      world.judge(error, name);
      record.failed = true;
      end('failed');
      world.react(`c${id} error`);
    },
    complete: () => {
      // Leaving is no end: RxJS tells it before the receiver knows that its consumer is gone.
      if (consumer.ended === 'left' && told !== count) return;
      end('completed');
      world.react(`c${id} complete`);
    },
  });
}

/** Whoever is closed before it begins takes nothing: here by an error of its neighbour. */
export function subscribeClosed(world: World, { receiver }: OperationOf<'subscribeClosed'>): void {
  const record = world.receivers.get(receiver);
  if (record === undefined) return;
  const failing = throwError(() => new Intended('neighbour'));
  combineLatest([failing, record.receiver]).subscribe({ error: () => {} });
}

/** True where there was something. */
export function tryReceive(world: World, { receiver }: OperationOf<'tryReceive'>): boolean {
  const record = world.receivers.get(receiver);
  if (record === undefined) return false;
  const place = record.reserve();
  // What a pull that waits, or has not returned, has got isn't known yet.
  const back = record.pulls + record.trying > 0 ? [] : [...record.returned];
  let item: Item | undefined;
  try {
    record.trying++;
    item = record.receiver.tryReceive();
    if (item === undefined) return false;
    world.checkItem(record, item);
    const [value] = item;
    if (value === null) return true;
    if (record.isTaken(value)) {
      world.fail('twice', `${record.name} gave ${value} again`);
    }
    record.delivered.add(value);
    record.returned.delete(value);
    checkReturned(world, record, item, back);
    return true;
  } catch (error) {
    record.failed = true;
    throw error;
  } finally {
    record.trying--;
    place(item);
  }
}

/** What was given back comes before what is later (law 38). */
function checkReturned(world: World, record: ReceiverRecord, [value, ts]: Item, back: readonly string[]): void {
  for (const other of back) {
    const before = world.messages.get(other)?.ts;
    if (!record.returned.has(other) || before === undefined || before >= ts) continue;
    world.fail('given back, but passed', `${record.name} gave ${value} at ${ts} before ${other} at ${before}`);
  }
}

export function receive(world: World, { receiver, id, signal }: OperationOf<'receive'>): void {
  pull(world, receiver, `receive ${id}`, (record) =>
    record.receive(optionsOf(world, signal)).then((item) => (item === undefined ? [] : [item])),
  );
}

export function receiveMany(world: World, { receiver, id, max }: OperationOf<'receiveMany'>): void {
  pull(world, receiver, `receiveMany ${id}`, (record) => record.receiveMany(max));
}

function pull(world: World, id: number, what: string, ask: (receiver: Receiver) => Promise<readonly Item[]>): void {
  const record = world.receivers.get(id);
  if (record === undefined) return;
  const consumer = new Consumer(world, record, `${what} of ${record.name}`);
  const { settled } = record;
  record.pulls++;
  const promise = ask(record.receiver).then(
    (items) => {
      record.pulls--;
      for (const item of items) consumer.pulled(item, settled);
    },
    (error: unknown) => {
      record.pulls--;
      if (!(error instanceof Intended)) record.failed = true;
      throw error;
    },
  );
  world.track(callOf(what, undefined, false), promise, () => {});
}

export function loop(world: World, { receiver, id, limit }: OperationOf<'loop'>): void {
  const record = world.receivers.get(receiver);
  if (record === undefined) return;
  iterate(world, receiver, `loop ${id}`, limit, record.receiver[Symbol.asyncIterator](), (consumer, item, settled) => {
    consumer.pulled(item, settled);
    world.react(`loop ${id} ${show(item)}`);
  });
}

export function deliveries(world: World, { receiver, id, limit, ack }: OperationOf<'deliveries'>): void {
  const record = world.receivers.get(receiver);
  if (record?.receiver.deliveries === undefined) return;
  record.givesBack = true;
  const lent = new Set<string>();
  const iterator = record.receiver.deliveries()[Symbol.asyncIterator]();
  const handle = (consumer: Consumer, delivery: Delivery): void => {
    const { value, ts } = delivery;
    consumer.lent([value, ts]);
    lent.add(value);
    world.react(`delivery ${id} ${value}`);
    if (ack === 'none' || (ack === 'odd' && Number(value.slice(1)) % 2 === 0)) return;
    lent.delete(value);
    record.underWay.delete(value);
    // One that was closed meanwhile may have reported it.
    if (!record.dropped.has(value)) record.delivered.add(value);
    delivery.ack();
  };
  const giveBack = (): void => {
    for (const value of lent) {
      record.underWay.delete(value);
      if (!record.delivered.has(value) && !record.dropped.has(value)) record.returned.add(value);
    }
    lent.clear();
  };
  const waits = (begins: boolean): void => {
    for (const value of lent) {
      if (begins) record.waitingWith.set(value, lent);
      else record.waitingWith.delete(value);
    }
  };
  iterate(world, receiver, `deliveries ${id}`, limit, iterator, handle, giveBack, waits);
}

/** What `for await` does, with a `break` after so many. */
function iterate<V>(
  world: World,
  receiver: number,
  what: string,
  limit: number,
  iterator: AsyncIterator<V>,
  body: (consumer: Consumer, value: V, settled: number) => void,
  ended: () => void = () => {},
  waits: (begins: boolean) => void = () => {},
): void {
  const record = world.receivers.get(receiver);
  if (record === undefined) return;
  const consumer = new Consumer(world, record, `${what} of ${record.name}`);
  const go = async (): Promise<void> => {
    for (let turns = 0; turns < limit; turns++) {
      const { settled } = record;
      record.pulls++;
      waits(true);
      let result: IteratorResult<V>;
      try {
        result = await iterator.next();
      } finally {
        record.pulls--;
      }
      if (result.done === true) return;
      waits(false);
      try {
        body(consumer, result.value, settled);
      } catch (error) {
        // As a loop does.
        ended();
        await iterator.return?.();
        throw error;
      }
    }
    ended();
    await iterator.return?.();
  };
  const promise = go().catch((error: unknown) => {
    if (!(error instanceof Intended)) record.failed = true;
    throw error;
  });
  world.track(callOf(what, undefined, false), promise.finally(ended), () => {});
}

export function show([value, ts]: Item): string {
  return value ?? `_${ts}`;
}
