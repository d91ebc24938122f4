import { asyncScheduler, VirtualTimeScheduler } from 'rxjs';
import { createDispatcher, sequence, serialize, watermark, type Scheduler, type Stats } from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { data, watch } from '../support/receivers.js';

/** What stands where a scheduler is asked for, and isn't much of one. */
const KINDS: Record<string, () => { readonly scheduler: Scheduler; readonly flush: () => void }> = {
  'runs everything at once': () => ({
    scheduler: {
      now: () => 0,
      schedule: (work) => {
        work();
        return { unsubscribe: () => undefined };
      },
    },
    flush: () => undefined,
  }),
  'has a clock that stands still': () => {
    const virtual = new VirtualTimeScheduler();
    virtual.maxFrames = 100;
    return {
      scheduler: { now: () => 7, schedule: (work, delay) => virtual.schedule(work, delay) },
      flush: () => virtual.flush(),
    };
  },
  'says the time of the wall': () => {
    const virtual = new VirtualTimeScheduler();
    virtual.maxFrames = 100;
    return {
      scheduler: { now: () => asyncScheduler.now(), schedule: (work, delay) => virtual.schedule(work, delay) },
      flush: () => virtual.flush(),
    };
  },
};

describe.for(Object.entries(KINDS))('a scheduler that %s', ([, make]) => {
  test.for([0, 5])('law 11: after %i ms of silence a source does not hold the others back', (idleAfter) => {
    const { scheduler, flush } = make();
    const dispatcher = createDispatcher<string>(watermark({ idleAfter, scheduler, late: 'drop' }));
    const [sender, receiver] = dispatcher.channel('s', 'r');
    dispatcher.sender('silent', 'r');
    const told = watch(receiver);
    sender.next(['a', 1]);
    sender.next(['b', 2]);
    flush();

    expect(data(told.items)).toEqual(['a', 'b']);
    sender.next(['c', 3]);
    flush();
    expect(data(told.items)).toEqual(['a', 'b', 'c']);
  });

  test.for([0, 5])('law 14: after %i ms each gap is given up', (skipAfter) => {
    const { scheduler, flush } = make();
    const dispatcher = createDispatcher<string>(sequence({ gap: { skipAfter }, scheduler }));
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const told = watch(receiver);
    for (const ts of [2, 4, 7]) sender.next([`m${ts}`, ts]);
    flush();

    expect(data(told.items)).toEqual(['m2', 'm4', 'm7']);
    expect(dispatcher.stats().gaps).toEqual([]);
  });
});

test('law 26: the scheduler of idle sources is called when everything is committed', () => {
  const seen: Stats[] = [];
  const dispatcher = createDispatcher<string>(
    watermark({
      idleAfter: 5,
      scheduler: {
        now: () => 0,
        schedule: () => {
          seen.push(dispatcher.stats());
          return { unsubscribe: () => undefined };
        },
      },
    }),
  );
  const [first, receiver] = dispatcher.channel('first', 'r');
  first.complete();
  // Nobody is watched any more: the next one to be heard starts the timer again.
  const second = dispatcher.sender('second', receiver.name);
  second.next(['a', 1]);

  expect(seen.map(({ sources }) => sources.map(({ name }) => name))).toEqual([['first'], ['second']]);
});

test.for(['as it is set', 'once it is set'] as const)(
  'law 27: coalesced ticks keep no timer where the last who is told of time leaves %s',
  (when) => {
    const timers = new Set<object>();
    let leave: () => void = () => undefined;
    const ticks: Scheduler = {
      now: () => 0,
      schedule: () => {
        const timer = { unsubscribe: () => timers.delete(timer) };
        timers.add(timer);
        if (when === 'as it is set') leave();
        return timer;
      },
    };
    const dispatcher = createDispatcher<string>(serialize(), { ticks });
    const [sender] = dispatcher.channel('s', 'r');
    const subscription = dispatcher.receiver('elsewhere').subscribe();
    leave = () => subscription.unsubscribe();
    sender.next('a');
    if (when === 'once it is set') {
      expect(timers.size).toBe(1);
      leave();
    }

    expect(timers.size).toBe(0);
  },
);
