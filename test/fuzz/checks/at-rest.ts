import type { ReceiverStats, Stats } from '../library.js';
import type { ReceiverRecord } from '../receiver-record.js';
import { isByFunction } from '../perform/send.js';
import type { Message, World } from '../world.js';
import { checkStats } from './after-operation.js';
import { checkWaiting } from './waiting.js';

/** What holds when everything that is ready has run. */
export function atRest(world: World): void {
  if (world.hasFailed()) return;
  const stats = world.dispatcher.stats();
  checkStats(world, stats);
  checkOffered(world, stats);
  confirm(world, stats);
  for (const each of stats.receivers) {
    const record = world.receiverNamed(each.name);
    if (record === undefined) continue;
    checkReceiver(world, record, each);
    checkTold(world, record, each, stats);
  }
  checkHeld(world, stats);
  checkOrderOfCalls(world);
  checkTurns(world);
  checkWaiting(world, stats);
}

/** Law 28: every message that was offered is counted, once it is decided. */
function checkOffered(world: World, { offered }: Stats): void {
  if (world.legacy) return;
  const decided = [...world.messages.values()].filter(({ call }) => call?.state !== 'pending');
  const sure = decided.filter(({ counted }) => counted).length;
  // By sequence a tick that repeats a number is a duplicate, and counts as one.
  const most = decided.length + (world.setup.mode === 'sequence' ? world.ticks : 0);
  if (offered >= sure && offered <= most) return;
  world.fail('accounts', `${offered} offered, by what was sent ${sure} to ${most}`);
}

/** Who is still there was there when the message was sent; who isn't may have ended before it without being `closed` yet. */
function confirm(world: World, { receivers }: Stats): void {
  const there = new Set(receivers.map(({ name }) => name));
  for (const message of world.unconfirmed.splice(0)) {
    message.open = message.open.filter(({ name, closedByUs }) => closedByUs || there.has(name));
  }
}

function checkReceiver(world: World, record: ReceiverRecord, stats: ReceiverStats): void {
  const { delivered, dropped, subscribers, pulls, name } = record;
  const shown = JSON.stringify(stats);
  // A message under way keeps its place; one that was given back is for whoever has not gone past it.
  const waits = stats.queued > record.underWay.size + record.returned.size;
  // A subscriber is told nothing while somebody has in hand what may go back.
  if (waits && subscribers > 0 && record.underWay.size === 0)
    world.fail('undelivered', `${subscribers} subscribers listen: ${shown}`);
  for (const consumer of world.consumers.values()) {
    if (consumer.record !== record || consumer.ended !== undefined || record.underWay.size > 0) continue;
    for (const value of record.returned) {
      const { ts = -Infinity } = world.messages.get(value) as Message;
      if (consumer.last < ts)
        world.fail('undelivered', `${value}, which was given back, to ${consumer.name}: ${shown}`);
    }
  }
  if (waits && pulls > 0) world.fail('undelivered', `${pulls} pulls wait: ${shown}`);
  const drops = [...dropped.values()].reduce((sum, count) => sum + count, 0);
  if (stats.dropped !== drops) world.fail('accounts', `${drops} drops reported: ${shown}`);
  for (const value of dropped.keys()) {
    if (delivered.has(value)) world.fail('delivered and dropped', `${value} at ${name}`);
  }
  if (world.legacy) return;
  if (stats.delivered !== delivered.size) world.fail('accounts', `${delivered.size} delivered: ${shown}`);
  // At a gap all fail together, told or not.
  if (!record.open || world.setup.gap === 'error') return;
  // Law 28: what was meant for it = delivered + dropped + queued + held.
  const there = stats.queued + stats.held;
  const missing = [...world.messages.values()].filter(
    (message) =>
      message.fate !== 'refused' &&
      (message.targets === 'all' || message.targets.includes(name)) &&
      !delivered.has(message.name) &&
      !dropped.has(message.name) &&
      !record.diverted.has(message.name),
  );
  const sure = missing.filter((message) => isMeant(message, record));
  if (there < sure.length) world.fail('accounts', `${names(sure)} are neither delivered nor dropped: ${shown}`);
  if (there > missing.length) world.fail('accounts', `only ${names(missing)} can be there: ${shown}`);
}

/** Whether a message was certainly meant for this receiver. */
export function isMeant({ fate, targets, open, sender }: Message, record: ReceiverRecord): boolean {
  return fate === 'accepted' && !isByFunction(sender) && (targets !== 'all' || open.includes(record));
}

function names(messages: readonly Message[]): string {
  return messages.map(({ name }) => name).join(', ') || 'none';
}

/** Everybody who listens is told how far time has passed: at once, or when the scheduler runs. */
function checkTold(world: World, record: ReceiverRecord, { queued }: ReceiverStats, { clock }: Stats): void {
  const { setup, scheduler } = world;
  if (setup.frontier === 'receiver' || !record.open || record.subscribers === 0 || queued > 0) return;
  // Time stays below what isn't finished.
  if (record.underWay.size + record.returned.size > 0) return;
  if (setup.ticks === 'virtual' && scheduler.actions.some(({ closed }) => !closed)) return;
  const begin = typeof setup.seed === 'number' ? setup.seed : setup.mode === 'watermark' ? -Infinity : 0;
  if (clock <= (world.legacy && setup.mode === 'watermark' && setup.seed === undefined ? 0 : begin)) return;
  for (const { ended, last, name, record: of } of world.consumers.values()) {
    if (of !== record || ended !== undefined || last === clock) continue;
    world.fail('not told', `${name} was told ${last}, but the clock is at ${clock}`);
  }
}

/** Nothing is held that nobody waits for any more, or that is due. */
function checkHeld(world: World, { held, frontier, clock, sources, receivers }: Stats): void {
  const { setup } = world;
  const stillWanted = [...world.messages.values()].filter(({ fate, targets, name }) => {
    if (fate === 'refused') return false;
    if (targets === 'all') return true;
    return targets.some((target) => {
      const record = world.receiverNamed(target);
      return record !== undefined && !record.closedByUs && !record.delivered.has(name) && !record.dropped.has(name);
    });
  });
  if (held > stillWanted.length)
    world.fail('held for nobody', `held ${held}, but only ${names(stillWanted)} are waited for`);
  if (setup.mode === 'sequence' && setup.gap !== 'error' && world.taken.has(clock + 1) && receivers.length > 0) {
    world.fail('stuck', `${String(world.taken.get(clock + 1))} was accepted at ${clock + 1}, and is not released`);
  }
  if (
    sources.length === 0 &&
    receivers.length > 0 &&
    held > 0 &&
    !stillWanted.some(({ targets }) => targets === 'all')
  ) {
    world.fail('stuck', `held ${held}, though no source is left`);
  }
  if (setup.mode !== 'watermark' || setup.frontier === 'receiver' || frontier === null) return;
  for (const message of stillWanted) {
    if (message.fate !== 'accepted' || message.targets === 'all' || (message.ts as number) > frontier) continue;
    for (const target of message.targets) {
      const record = world.receiverNamed(target);
      const isQueued = receivers.find(({ name }) => name === target)?.queued !== 0;
      if (record === undefined || !record.open || isQueued || !isMeant(message, record)) continue;
      if (record.delivered.has(message.name) || record.dropped.has(message.name)) continue;
      world.fail('stuck', `${message.name} at ${String(message.ts)} is due at ${target}: the frontier is ${frontier}`);
    }
  }
}

/** Calls that wait for one receiver are served in the order in which they were made (law 17). */
function checkTurns(world: World): void {
  if (world.legacy || world.setup.mode !== 'serialize') return;
  const latest = new Map<string, Message>();
  const calls = [...world.messages.values()].filter(
    ({ call, transaction, targets, sender, fate }) =>
      call !== undefined &&
      transaction === undefined &&
      fate !== 'refused' &&
      targets !== 'all' &&
      targets.length === 1 &&
      !isByFunction(sender),
  );
  for (const message of calls.sort((a, b) => a.order - b.order)) {
    const [target] = message.targets as [string];
    const before = latest.get(target);
    const { ts: at = Infinity } = before ?? { ts: -Infinity };
    const { ts = Infinity } = message;
    if (before !== undefined && ts < at) {
      world.fail('passes', `${message.name} went to ${target} before ${before.name}, whose call was made earlier`);
    }
    // One that waits for earlier calls of its sender is not in the queue yet.
    if (message.isFirst && ts > at) latest.set(target, message);
  }
}

/** Calls of one sender don't pass each other (law 17). */
function checkOrderOfCalls(world: World): void {
  if (world.setup.mode === 'sequence') return;
  for (const { name, sent } of world.senders.values()) {
    const inOrder = [...sent].sort((a, b) => a.order - b.order);
    let before: Message | undefined;
    for (const message of inOrder) {
      if (message.fate === 'refused') continue;
      if (before?.call?.state === 'pending' && message.fate === 'accepted') {
        world.fail('overtakes', `${message.name} of ${name} went before ${before.name}, which still waits`);
      }
      if (
        world.setup.mode === 'serialize' &&
        before?.ts !== undefined &&
        message.ts !== undefined &&
        before.ts >= message.ts
      ) {
        if (before.transaction === undefined || before.transaction !== message.transaction) {
          world.fail('overtakes', `${message.name}@${message.ts} of ${name} went before ${before.name}@${before.ts}`);
        }
      }
      if (before?.call?.state !== 'pending') before = message;
    }
  }
}
