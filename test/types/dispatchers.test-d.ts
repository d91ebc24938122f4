import { ALL, createDispatcher, sequence, serialize, watermark } from 'rxjs-clocked-dispatch';
import type {
  ClockedReceiver,
  Forwarder,
  ForwardingDispatcher,
  Mode,
  PerReceiver,
  Sender,
  SequencingDispatcher,
  SerializingDispatcher,
} from 'rxjs-clocked-dispatch';
import { describe, expectTypeOf, test } from 'vitest';

interface Order {
  readonly id: number;
  readonly rush: boolean;
}

type Shop = PerReceiver<{ ui: Order; log: string }>;

describe('a mode says what its dispatcher can do', () => {
  test('each can be used by `using`', () => {
    expectTypeOf(createDispatcher<string>(serialize())[Symbol.dispose]).toEqualTypeOf<() => void>();
    expectTypeOf(createDispatcher<string>(watermark())[Symbol.dispose]).toEqualTypeOf<() => void>();
    expectTypeOf(createDispatcher<string>(sequence())[Symbol.dispose]).toEqualTypeOf<() => void>();
  });

  test('each has a type of its own', () => {
    expectTypeOf(createDispatcher<string>(serialize())).toEqualTypeOf<SerializingDispatcher<string>>();
    expectTypeOf(createDispatcher<string>(watermark())).toEqualTypeOf<ForwardingDispatcher<string>>();
    expectTypeOf(createDispatcher<string>(sequence())).toEqualTypeOf<SequencingDispatcher<string>>();
  });

  test('one that is decided at run time is known by its `mode`', () => {
    const dispatcher = createDispatcher<string>(serialize() as Mode);
    expectTypeOf(dispatcher.receiver('r')).toEqualTypeOf<ClockedReceiver<string, 'r'>>();
    if (dispatcher.mode === 'serialize') expectTypeOf(dispatcher).toEqualTypeOf<SerializingDispatcher<string>>();
    else expectTypeOf(dispatcher).toEqualTypeOf<ForwardingDispatcher<string>>();
  });

  test('and options of its own', () => {
    serialize({ seed: -1 });
    watermark({ seed: 0, late: 'drop', idleAfter: 10, frontier: 'receiver' });
    sequence({ seed: 'first', window: 8, gap: { skipAfter: 10 } });
    // @ts-expect-error -- nothing is late where timestamps are assigned
    serialize({ late: 'drop' });
    // @ts-expect-error -- no window in front of a frontier
    watermark({ window: 8 });
    // @ts-expect-error -- a clock that has not begun needs no word for it
    watermark({ seed: 'first' });
    // @ts-expect-error -- a numbering has no idle sources
    sequence({ idleAfter: 10 });
    // @ts-expect-error -- an option of the mode
    createDispatcher<string>(serialize(), { seed: 1 });
    // @ts-expect-error -- the form before 0.2
    createDispatcher<string>({ mode: 'serialize' });
  });
});

describe('null is no value', () => {
  test('of a dispatcher', () => {
    // @ts-expect-error -- null is a tick
    createDispatcher<string | null>(serialize());
    // @ts-expect-error -- null is a tick
    createDispatcher<string | null>(watermark());
    // @ts-expect-error -- null is a tick
    createDispatcher<null>(sequence());
    createDispatcher<string | undefined>(serialize());
  });

  test('of a sender', () => {
    const [sender] = createDispatcher<string>(serialize()).channel('s', 'r');
    // @ts-expect-error -- null is a tick
    sender.next(null);
    // @ts-expect-error -- null is a tick
    void sender.send(null);
    const [forwarder] = createDispatcher<string>(watermark()).channel('s', 'r');
    forwarder.next([null, 1]);
    void forwarder.forward(null, 1);
  });
});

describe('PerReceiver types each receiver by its name', () => {
  const shop = createDispatcher<Shop>(serialize());
  const grid = createDispatcher<PerReceiver<{ load: number; alarms: string }>>(watermark());

  test('receivers and channels', () => {
    expectTypeOf(shop.receiver('ui')).toEqualTypeOf<ClockedReceiver<Order, 'ui'>>();
    expectTypeOf(grid.receiver('alarms')).toEqualTypeOf<ClockedReceiver<string, 'alarms'>>();
    expectTypeOf(shop.channel('desk', 'log')).toEqualTypeOf<
      readonly [sender: Sender<string>, receiver: ClockedReceiver<string, 'log'>]
    >();
    // @ts-expect-error -- no receiver of that name
    shop.receiver('typo');
    // @ts-expect-error -- no receiver of that name
    shop.sender('desk', 'typo');
  });

  test('senders take what all their receivers take', () => {
    expectTypeOf(shop.sender('a', 'ui')).toEqualTypeOf<Sender<Order>>();
    expectTypeOf(grid.sender('b', 'load')).toEqualTypeOf<Forwarder<number>>();
    // @ts-expect-error -- an order for the log
    shop.sender('c', 'log').next({ id: 1, rush: false });
    // @ts-expect-error -- only the log takes a string
    shop.sender('d', ['ui', 'log']).next('text');
    // @ts-expect-error -- only the log takes a string
    shop.sender('e', ALL).next('text');
    // @ts-expect-error -- only the log takes a string
    shop.broadcaster('f').next('text');
    const both = createDispatcher<PerReceiver<{ giro: number; savings: number }>>(serialize());
    expectTypeOf(both.sender('moves', ['giro', 'savings'])).toEqualTypeOf<Sender<number>>();
    expectTypeOf(both.broadcaster('all')).toEqualTypeOf<Sender<number>>();
  });

  test('a function of the value says what it takes', () => {
    const sender = shop.sender('g', (value: Order | string) => (typeof value === 'string' ? 'log' : 'ui'));
    expectTypeOf(sender).toEqualTypeOf<Sender<string | Order>>();
  });

  test('any other object type is a value, whatever its fields are called', () => {
    interface Message {
      readonly alerts: number;
      readonly text: string;
    }
    const [sender, receiver] = createDispatcher<Message>(serialize()).channel('s', 'alerts');
    expectTypeOf(receiver).toEqualTypeOf<ClockedReceiver<Message, 'alerts'>>();
    sender.next({ alerts: 1, text: 'x' });
  });
});

describe('under exactOptionalPropertyTypes', () => {
  const count = 1 as number | undefined;

  test('an option may be undefined', () => {
    serialize({ seed: count });
    watermark({ seed: count, late: undefined, idleAfter: count, scheduler: undefined });
    sequence({ seed: count, window: count, gap: undefined });
    const dispatcher = createDispatcher<string>(serialize(), { bound: count, maxWaiting: count, onDrop: undefined });
    const receiver = dispatcher.receiver('r', { bound: count, overflow: undefined });
    void receiver.receive({ signal: undefined });
  });
});
