import * as k from '../kinds.js';
import { method, type Table, waitOptions } from './row.js';

/** As RxJS takes them: what is no handler is passed over. */
const handler = k.something(() => () => undefined);

export const RECEIVERS: Table = {
  'ClockedReceiver.iterate': method(({ receiver }) => receiver, 'iterate', k.options({ close: k.optional(k.flag) })),
  'ClockedReceiver.receive': method(({ receiver }) => receiver, 'receive', waitOptions),
  'ClockedReceiver.receiveMany': method(({ receiver }) => receiver, 'receiveMany', k.optional(k.count(1)), waitOptions),
  'ClockedReceiver.subscribe': method(
    ({ receiver }) => receiver,
    'subscribe',
    k.something(() => ({ next: () => undefined })),
    handler,
    handler,
  ),
  'OptimisticView.send': method(
    ({ view }) => view,
    'send',
    k.called(({ sender }) => sender),
    k.value,
    waitOptions,
  ),
};
