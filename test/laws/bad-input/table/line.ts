import { ALL } from 'rxjs-clocked-dispatch';
import {
  acceptPorts,
  connect,
  dialPort,
  lineInMemory,
  portLine,
  serve,
  socketLine,
  transportLine,
} from 'rxjs-clocked-dispatch/port';
import { describeLine } from 'rxjs-clocked-dispatch/testing';
import * as k from '../kinds.js';
import { method, receiverMethods, row, type Table } from './row.js';

const positive = k.optional(k.count(1));
const finite = k.optional(k.count(1, false));
const pause = k.optional(k.milliseconds);
/** Longer than nothing, and for ever where one likes. */
const duration = k.optional(
  k.kind(
    () => Infinity,
    (given) => typeof given === 'number' && given > 0,
  ),
);
const isName = (given: unknown): boolean => typeof given === 'string' && given !== '';
const names = k.listOf('x');
const to = k.kind(
  () => 'anybody',
  (given) => given === ALL || isName(given) || names.takes(given),
);
const position = k.optional(
  k.kind(
    () => 0,
    // Whether it is one of the log is for the other side to say.
    (given) => (Number.isSafeInteger(given) ? undefined : false),
  ),
);

const port = (): object => ({
  postMessage: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
});
const socket = (): object => ({
  readyState: 1,
  bufferedAmount: 0,
  send: () => undefined,
  close: () => undefined,
  addEventListener: () => undefined,
});
const runs = k.kind(
  () => (_: string, body: () => unknown) => body,
  (given) => typeof given === 'function',
);

export const LINE: Table = {
  serve: row(
    serve,
    k.called(({ durable }) => durable),
    k.options({
      authorize: k.optional(k.func),
      window: finite,
      sessions: k.optional(k.count()),
      linger: duration,
      channels: positive,
      dedupe: k.optional(k.count()),
      silence: duration,
      scheduler: k.optional(k.scheduler),
    }),
  ),
  'Server.accept': method(
    ({ server }) => server,
    'accept',
    k.called(() => lineInMemory()[1]),
  ),
  connect: {
    ...row(
      connect,
      k.kind(
        () => () => lineInMemory()[0],
        (given) => typeof given === 'function',
      ),
      k.options({
        token: k.anything,
        window: finite,
        maxWaiting: k.optional(k.count()),
        session: k.optional(k.kind(() => 'mine', isName)),
        retry: pause,
        maxRetry: pause,
        silence: duration,
        scheduler: k.optional(k.scheduler),
      }),
    ),
    use: (connection, _, ends) => ends.add(() => (connection as { close(): void }).close()),
  },
  'Connection.receiver': method(
    ({ connection }) => connection,
    'receiver',
    k.name,
    k.options({
      from: position,
      addressedTo: k.optional(to),
      bound: positive,
      onGone: k.optional(k.word('error', 'now')),
    }),
  ),
  'Connection.sender': method(({ connection }) => connection, 'sender', k.name, to),
  ...receiverMethods('RemoteReceiver', ({ remote }) => remote),

  portLine: row(portLine, k.called(port)),
  dialPort: { ...row(dialPort, k.called(port)), use: () => undefined },
  acceptPorts: { ...row(acceptPorts, k.called(port), k.func), use: () => undefined },
  socketLine: row(socketLine, k.called(socket), k.options({ maxFrame: positive })),
  transportLine: row(
    transportLine,
    k.kind(
      () => () => ({ post: () => undefined, close: () => undefined }),
      (given) => typeof given === 'function',
    ),
  ),
  describeLine: row(describeLine, k.name, k.func, k.open({ describe: k.func, test: runs })),
};
