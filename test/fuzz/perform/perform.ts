import type { Operation } from '../operation.js';
import { Intended } from '../world.js';
import type { World } from '../world.js';
import { deliveries, loop, receive, receiveMany, subscribe, subscribeClosed, tryReceive } from './consume.js';
import { copySender, joinBroadcaster, joinReceiver, joinSender } from './join.js';
import { expectNumber, failTargets, fill, next, optionsOf, snapshot, tick, transact, tryToSend, wait } from './send.js';
import { waitForClock, watch, watchClock } from './watch.js';

/** Calls the public API as the operation says. Throws what that throws. */
export function perform(world: World, operation: Operation): void {
  switch (operation.kind) {
    case 'receiver':
      return joinReceiver(world, operation);
    case 'sender':
      return joinSender(world, operation);
    case 'broadcaster':
      return joinBroadcaster(world, operation);
    case 'clone':
    case 'toBroadcaster':
      return copySender(world, operation);
    case 'complete': {
      const record = world.senders.get(operation.sender);
      if (record === undefined) return;
      record.left = true;
      return record.sender.complete();
    }
    case 'fail': {
      const record = world.senders.get(operation.sender);
      if (record === undefined) return;
      if (!record.sender.closed) failTargets(world, record);
      record.left = true;
      return record.sender.error(new Intended('source'));
    }
    case 'closeReceiver': {
      const record = world.receivers.get(operation.receiver);
      if (record === undefined) return;
      // One that has ended already was no target of what is unconfirmed.
      if (!world.legacy && !world.dispatcher.stats().receivers.some(({ name }) => name === record.name)) {
        for (const message of world.unconfirmed) message.open = message.open.filter((other) => other !== record);
      }
      record.closedByUs = true;
      return record.receiver.close();
    }
    case 'next':
      return next(world, operation);
    case 'try':
      return tryToSend(world, operation);
    case 'wait':
      return wait(world, operation);
    case 'tick':
      return tick(world, operation);
    case 'fill':
      return fill(world, operation);
    case 'expect':
      return expectNumber(world, operation);
    case 'snapshot':
      return snapshot(world, operation);
    case 'skipTo':
      return world.dispatcher.skipTo?.(operation.ts);
    case 'transact':
      return transact(world, operation);
    case 'subscribe':
      return subscribe(world, operation);
    case 'subscribeClosed':
      return subscribeClosed(world, operation);
    case 'unsubscribe':
      return world.consumers.get(operation.id)?.leave();
    case 'tryReceive':
      return void tryReceive(world, operation);
    case 'receive':
      return receive(world, operation);
    case 'receiveMany':
      return receiveMany(world, operation);
    case 'loop':
      return loop(world, operation);
    case 'deliveries':
      return deliveries(world, operation);
    case 'abort':
      optionsOf(world, operation.signal);
      return world.signals.get(operation.signal)?.abort(new Intended('given up'));
    case 'whenClock':
      return waitForClock(world, operation);
    case 'watch':
      return watch(world, operation);
    case 'watchClock':
      return watchClock(world, operation);
    case 'unwatch':
      return world.watches.get(operation.id)?.leave();
    case 'advance': {
      const { scheduler } = world;
      const until = scheduler.frame + operation.by;
      scheduler.maxFrames = Math.max(until, scheduler.maxFrames === Infinity ? 0 : scheduler.maxFrames);
      scheduler.flush();
      scheduler.frame = Math.max(scheduler.frame, until);
      return;
    }
    case 'stats':
      return void world.dispatcher.stats();
    case 'throw':
      throw new Intended('careless callback');
    case 'close':
      world.closed = true;
      return world.dispatcher.close();
    case 'settle':
      return;
  }
}
