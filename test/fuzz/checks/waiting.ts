import type { ReceiverStats, Stats } from '../library.js';
import type { Call, Message, World } from '../world.js';

/** No call waits that could go on (laws 15, 17): judged by what `stats()` shows of room. */
export function checkWaiting(world: World, stats: Stats): void {
  const seen = new Set<unknown>();
  for (const call of world.calls) {
    if (call.state !== 'pending' || call.messages.length === 0) continue;
    // Elsewhere a sender's first call stands before the others; in sequence mode the number is the order.
    const senders = call.messages.map(({ sender }) => sender);
    const isFirst = senders.every((sender) => !seen.has(sender));
    for (const sender of senders) seen.add(sender);
    if ((isFirst || world.setup.mode === 'sequence') && couldGoOn(world, call, stats)) {
      const what = call.messages.map(({ name, ts, targets }) => ({ name, ts, targets }));
      world.fail('lost wake-up', `${JSON.stringify(what)} waits; receivers ${JSON.stringify(stats.receivers)}`);
    }
    call.waited = true;
  }
}

function couldGoOn(world: World, { messages }: Call, stats: Stats): boolean {
  const [first] = messages as [Message];
  const { setup } = world;
  if (setup.mode === 'sequence' && (first.ts as number) > stats.clock + (setup.window ?? 1024)) return false;
  const targets = stats.receivers.filter(({ name }) =>
    messages.some((message) => message.targets === 'all' || message.targets.includes(name)),
  );
  // For nobody, perhaps: held until somebody is there who takes it, within maxHeld.
  const mayBeForNobody = targets.every(({ name }) => {
    const record = world.receiverNamed(name);
    return record === undefined || record.failed || record.mayHaveFailed;
  });
  if (first.targets === 'all' && mayBeForNobody && stats.held >= (setup.maxHeld ?? 1024)) return false;
  return targets.every((receiver) => hasRoom(world, receiver, stats) || isAwaited(world, first, receiver, stats));
}

function hasRoom(world: World, { name, queued, held, bound }: ReceiverStats, stats: Stats): boolean {
  const record = world.receiverNamed(name);
  // One that fails doesn't count any more.
  if (record === undefined || record.failed) return true;
  if (world.legacy && stats.held > 0) return false;
  const taken = queued + (world.legacy ? 0 : held);
  return bound > 0 ? taken < bound : taken === 0 && record.subscribers + record.pulls > 0;
}

/** What everybody waits for is admitted past the bound where nothing is readable. */
function isAwaited(world: World, { ts, sender }: Message, { queued, bound }: ReceiverStats, stats: Stats): boolean {
  if (queued > 0 || bound === 0) return false;
  if (world.setup.mode === 'sequence') return ts === stats.clock + 1;
  if (world.setup.mode === 'serialize' || world.setup.frontier === 'receiver') return false;
  // What it has brought can go out no earlier.
  return stats.heldBy?.source === sender.name;
}
