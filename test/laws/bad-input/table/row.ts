import type { ClockedReceiver } from 'rxjs-clocked-dispatch';
import type { Row } from '../attempt.js';
import type { Kind } from '../kinds.js';
import * as k from '../kinds.js';
import type { World } from '../world.js';

export type Table = Readonly<Record<string, Row>>;
export type Callable = (...args: never[]) => unknown;

/** A function that is called as it is. */
export const row = (called: Callable, ...kinds: readonly Kind[]): Row => ({
  kinds,
  call: (_, args) => called(...(args as never[])),
});

/** A method of what is found in the world. */
export const method = <M extends string>(
  owner: (world: World) => Readonly<Record<M, Callable>>,
  called: M,
  ...kinds: readonly Kind[]
): Row => ({ kinds, call: (world, args) => owner(world)[called](...(args as never[])) });

export const plain: Kind = k.kind(({ plain }) => plain);
export const receiver: Kind = k.kind(({ receiver }) => receiver);
export const waitOptions: Kind = k.options({ signal: k.optional(k.signal) });

export const bound: Kind = k.optional(k.count());
export const idle = { idleAfter: k.optional(k.milliseconds), scheduler: k.optional(k.scheduler) };
export const receiverFields = {
  bound,
  overflow: k.optional(k.word('error', 'drop-oldest', 'drop-newest')),
  onDrop: k.optional(k.func),
};
export const senderFields = { strict: k.optional(k.flag), disorder: k.optional(k.count(0, false)) };
export const dispatcherFields = {
  ...receiverFields,
  ticks: k.optional(k.oneOf(k.word('each'), k.scheduler)),
  maxWaiting: bound,
  maxHeld: bound,
  sourceError: k.optional(k.word('error', 'complete')),
};

/** As RxJS takes them: what is no handler is passed over. */
const handler = k.something(() => () => undefined);

/** What receivers have, of whatever dispatcher. */
export function receiverMethods(type: string, owner: (world: World) => ClockedReceiver<string>): Table {
  return {
    [`${type}.iterate`]: method(owner, 'iterate', k.options({ close: k.optional(k.flag) })),
    [`${type}.receive`]: method(owner, 'receive', waitOptions),
    [`${type}.receiveMany`]: method(owner, 'receiveMany', k.optional(k.count(1)), waitOptions),
    [`${type}.subscribe`]: method(
      owner,
      'subscribe',
      k.something(() => ({ next: () => undefined })),
      handler,
      handler,
    ),
  };
}
