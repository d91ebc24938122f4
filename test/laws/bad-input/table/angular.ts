import { InjectionToken, Injector, runInInjectionContext, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import {
  createDispatcher,
  serialize,
  watermark,
  type ClockedReceiver,
  type ForwardingDispatcher,
  type SerializingDispatcher,
} from 'rxjs-clocked-dispatch';
import * as angular from 'rxjs-clocked-dispatch/angular';
import type { DurableDispatcher } from 'rxjs-clocked-dispatch/log';
import { subscribed, type Row } from '../attempt.js';
import * as k from '../kinds.js';
import type { World } from '../world.js';
import { dispatched } from './operators.js';
import { projectionFields } from './durable.js';
import { bound, receiverFields, row, senderFields, type Callable, type Table } from './row.js';

const SERIAL = new InjectionToken<SerializingDispatcher<string>>('serial');
const LOGGED = new InjectionToken<DurableDispatcher<unknown>>('logged');
const STAMPED = new InjectionToken<ForwardingDispatcher<string>>('stamped');

/** An injector for each call, with dispatchers of its own. */
const injectors = new WeakMap<World, Injector>();

function injectorOf(world: World): Injector {
  const injector =
    injectors.get(world) ??
    Injector.create({
      providers: [
        angular.provideDispatcher(SERIAL, () => createDispatcher(serialize())),
        angular.provideDispatcher(STAMPED, () => createDispatcher(watermark())),
        { provide: LOGGED, useValue: world.durable },
      ],
      parent: TestBed.inject(Injector),
    });
  injectors.set(world, injector);
  return injector;
}

/** As row, in an injection context. What nobody provides Angular refuses itself. */
const inContext = (called: Callable, ...kinds: readonly k.Kind[]): Row => ({
  kinds,
  call: (world, args) => runInInjectionContext(injectorOf(world), () => called(...(args as never[]))),
  allows: (error) => (error as { readonly code?: unknown }).code === -201,
});

const injector = k.optional(k.called(injectorOf));
const context = { injector, destroyRef: k.optional(k.called(() => ({ onDestroy: () => () => undefined }))) };
/** Whatever Angular may take as one. */
const token: k.Kind = {
  ...k.called(() => SERIAL),
  takes: (given) => (Object(given) === given ? undefined : false),
};
const strict = k.optional(k.flag);
const manualCleanup = k.optional(k.flag);
const receiver = k.called(({ receiver }) => receiver);
const current = k.oneOf(
  k.ts,
  k.kind(
    () => () => 7,
    (given) => typeof given === 'function',
  ),
);

/** What is asked of a signal that was made of a receiver of the world. */
const ofSignal = (
  make: (receiver: ClockedReceiver<string>) => Pick<angular.ClockedSignal<unknown>, 'isCurrent'>,
): Row => ({
  kinds: [current],
  call: (world, args) => {
    const made = runInInjectionContext(injectorOf(world), () => make(world.receiver));
    return made.isCurrent(...(args as [number]))();
  },
});

export const ANGULAR: Table = {
  provideDispatcher: row(angular.provideDispatcher, token, k.func),
  injectReceiver: inContext(
    angular.injectReceiver,
    k.called(() => SERIAL),
    k.name,
    k.options({ ...receiverFields, ...context }),
  ),
  injectProjection: inContext(
    angular.injectProjection,
    k.called(() => LOGGED),
    k.name,
    k.options({ ...projectionFields, ...context }),
  ),
  injectSender: inContext(
    angular.injectSender,
    k.called(() => STAMPED),
    k.name,
    k.options({ to: k.kind(() => [], k.route.takes), ...senderFields, ...context }),
  ),
  signalSource: {
    ...inContext(
      angular.signalSource,
      k.name,
      k.called(() => signal(['a', 1])),
      k.options({ to: k.route, ...senderFields, injector }),
    ),
    use: (made, _, ends) => subscribed(dispatched(made), ends),
  },
  toClockedSignal: inContext(
    angular.toClockedSignal,
    receiver,
    k.options({
      ...{ ...context, strict, manualCleanup },
      initialValue: k.anything,
      initialClock: k.optional(k.ts),
      equal: k.optional(k.func),
    }),
  ),
  alignedSignals: inContext(
    angular.alignedSignals,
    k.oneOf(k.record(receiver), k.kind(receiver.good, k.isEmpty)),
    k.options({
      ...{ ...context, strict, manualCleanup, bound },
      early: k.optional(k.flag),
    }),
  ),
  'ClockedSignal.isCurrent': ofSignal((receiver) => angular.toClockedSignal(receiver)),
  'AlignedSignals.isCurrent': ofSignal((receiver) => angular.alignedSignals({ receiver })),
};
