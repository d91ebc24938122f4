import { take } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Gap } from '../library.js';
import type { OperationOf } from '../operation.js';
import type { World } from '../world.js';
import { callOf } from './send.js';

export function watch(world: World, { what, id, take: count }: OperationOf<'watch'>): void {
  const { dispatcher, scheduler, setup } = world;
  if (what === 'stats') return follow(world, id, 'stats$', dispatcher.stats$(3, scheduler), count, () => '');
  if (setup.mode === 'serialize') return;
  if (what === 'late') return follow(world, id, 'late$', dispatcher.late$, count, ({ value }) => value);
  const told = new Set<string>();
  follow(world, id, 'gaps$', dispatcher.gaps$, count, (gap: Gap) => {
    const range = `${gap.from} to ${gap.to}`;
    if (gap.from > gap.to) world.fail('no gap', range);
    // The older version tells a gap when it opens, and again when it is given up.
    if (told.has(range) && !world.legacy) world.fail('gap twice', `${range} to g${id}`);
    told.add(range);
    return range;
  });
}

export function watchClock(world: World, { receiver, id, take: count }: OperationOf<'watchClock'>): void {
  const record = world.receivers.get(receiver);
  if (record === undefined) return;
  let last = -Infinity;
  follow(world, id, `clock$ of ${record.name}`, record.receiver.clock$, count, (ts) => {
    if (ts <= last) world.fail('clock$ not new', `${record.name}: ${ts} after ${last}`);
    last = ts;
    return String(ts);
  });
}

function follow<V>(
  world: World,
  id: number,
  name: string,
  values$: Observable<V>,
  count: number | undefined,
  seen: (value: V) => string,
): void {
  let left = false;
  const end = (how: string): void => {
    entry.ended = true;
    if (!left) world.react(`w${id} ${how}`);
  };
  const entry = { name: `${name} by w${id}`, ended: false, leave: (): void => {} };
  world.watches.set(id, entry);
  const subscription = (count === undefined ? values$ : values$.pipe(take(count))).subscribe({
    next: (value) => {
      const shown = seen(value);
      if (entry.ended) world.fail('after the end', `${entry.name}: ${shown}`);
      world.react(`w${id} ${name} ${shown}`);
    },
    error: (error: unknown) => {
      world.judge(error, entry.name);
      end('error');
    },
    complete: () => end('complete'),
  });
  entry.leave = () => {
    left = true;
    entry.ended = true;
    subscription.unsubscribe();
  };
}

export function waitForClock(world: World, { ts, receivers, id }: OperationOf<'whenClock'>): void {
  const records = receivers.flatMap((receiver) => world.receivers.get(receiver) ?? []);
  if (records.length === 0) return;
  const promise = world.library.whenClock(
    ts,
    records.map(({ receiver }) => receiver),
  );
  world.track(callOf(`whenClock ${id}`, undefined, false), promise, () => {
    for (const { name, receiver } of records) {
      if (receiver.settled >= ts || receiver.closed) continue;
      world.fail('whenClock untrue', `${ts} reached, but ${name} is settled at ${receiver.settled}`);
    }
  });
}
