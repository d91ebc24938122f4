import { tryReceive } from '../perform/consume.js';
import type { ReceiverRecord } from '../receiver-record.js';
import type { World } from '../world.js';
import { checkStats } from './after-operation.js';
import { isMeant } from './at-rest.js';

/** Closes the dispatcher, reads everything to its end, and looks what is left. */
export async function afterClose(world: World, turn: () => Promise<void>): Promise<void> {
  if (world.hasFailed()) return;
  world.dispatcher.close();
  await turn();
  // Timers of the mode have lost their reason; a flush of ticks has not.
  if (!world.legacy && world.setup.ticks !== 'virtual') checkTimers(world);
  advance(world);
  await turn();
  // From now on nothing is done any more but to read what is left.
  world.reaction = () => {};
  for (let round = 0; round < 3 && !world.hasFailed(); round++) {
    for (const record of world.receivers.values()) if (record.subscribers === 0) drain(world, record);
    await turn();
  }
  if (world.hasFailed()) return;

  const stats = world.dispatcher.stats();
  checkStats(world, stats);
  if (stats.held !== 0) world.fail('held after close', `held ${stats.held}`);
  for (const { what, state } of world.calls) if (state === 'pending') world.fail('never settles', what);
  for (const record of world.receivers.values()) {
    if (!record.receiver.closed) world.fail('not closed', record.name);
    if (stats.receivers.some(({ name }) => name === record.name))
      world.fail('not gone', `${record.name} is in stats()`);
    checkComplete(world, record);
  }
  for (const { name, ended } of world.consumers.values()) if (ended === undefined) world.fail('not ended', name);
  advance(world);
  for (const { name, ended } of world.watches.values()) if (!ended) world.fail('not ended', name);
  checkTimers(world);
}

function checkTimers(world: World): void {
  const timers = world.scheduler.actions.filter(({ closed }) => !closed).length;
  if (timers > 0) world.fail('timer left', `${timers} timers`);
}

function advance({ scheduler }: World): void {
  scheduler.maxFrames = scheduler.frame + 1000;
  scheduler.flush();
  scheduler.frame = scheduler.maxFrames;
}

function drain(world: World, record: ReceiverRecord): void {
  try {
    for (let reads = 0; tryReceive(world, { kind: 'tryReceive', receiver: record.id }); reads++) {
      if (reads > 1000) return world.fail('never ends', `${record.name} can be read for ever`);
    }
  } catch (error) {
    world.judge(error, record.name);
  }
}

/** Everything that was accepted for this receiver was delivered or dropped, once. */
function checkComplete(world: World, record: ReceiverRecord): void {
  for (const message of world.messages.values()) {
    const { name } = message;
    const drops = record.dropped.get(name) ?? 0;
    const times = Number(record.delivered.has(name)) + drops + Number(record.diverted.has(name));
    if (times > 1 && message.fate !== 'refused') world.fail('delivered and dropped', `${name} at ${record.name}`);
    if (
      times > 0 ||
      record.failed ||
      record.mayHaveFailed ||
      !isMeant(message, record) ||
      !message.open.includes(record)
    )
      continue;
    // Who was open when a call began to wait may have been closed when it went on.
    if (record.closedByUs && (world.legacy || message.call !== undefined || record.lent.has(name))) continue;
    world.fail('missing', `${name} at ${record.name}`);
  }
}
