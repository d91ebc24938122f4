import * as k from '../kinds.js';
import { method, receiverMethods, type Table, waitOptions } from './row.js';

export const RECEIVERS: Table = {
  ...receiverMethods('ClockedReceiver', ({ receiver }) => receiver),
  'OptimisticView.send': method(
    ({ view }) => view,
    'send',
    k.called(({ sender }) => sender),
    k.value,
    waitOptions,
  ),
};
