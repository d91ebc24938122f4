import { createDispatcher, sequence, serialize, watermark } from 'rxjs-clocked-dispatch';
import type { Row } from '../attempt.js';
import * as k from '../kinds.js';
import type { World } from '../world.js';
import { dispatcherFields, idle, method, receiverFields, row, senderFields, type Table } from './row.js';

const late = k.optional(k.word('error', 'drop', 'divert'));
const seed = k.optional(k.ts);

/** What dispatchers of every mode have. */
function common(
  type: string,
  owner: (world: World) => World['serial'],
  senderOptions: Readonly<Record<string, k.Kind>>,
): Table {
  const options = k.options(senderOptions);
  return {
    [`${type}.receiver`]: method(owner, 'receiver', k.name, k.options(receiverFields)),
    [`${type}.channel`]: method(owner, 'channel', k.name, k.name, k.options({ ...receiverFields, ...senderOptions })),
    [`${type}.sender`]: method(owner, 'sender', k.name, k.route, options),
    [`${type}.broadcaster`]: method(owner, 'broadcaster', k.name, options),
    [`${type}.stats$`]: stats(owner),
  };
}

function stats(owner: (world: World) => World['serial']): Row {
  return method(owner, 'stats$', k.optional(k.milliseconds), k.optional(k.scheduler));
}

export const DISPATCHERS: Table = {
  createDispatcher: row(
    createDispatcher,
    k.kind(() => serialize()),
    k.options(dispatcherFields),
  ),
  serialize: row(serialize, k.options({ seed })),
  watermark: row(
    watermark,
    k.options({
      ...{ seed, late, ...idle },
      frontier: k.optional(k.word('dispatcher', 'receiver')),
      maxLead: k.optional(k.count(0, false)),
      resyncAfter: k.optional(k.count(1, false)),
    }),
  ),
  sequence: row(
    sequence,
    k.options({
      ...{ late, scheduler: idle.scheduler },
      seed: k.optional(k.oneOf(k.ts, k.word('first'))),
      window: k.optional(k.count(1, false)),
      gap: k.optional(k.oneOf(k.options({ skipAfter: k.milliseconds }), k.word('wait', 'error'))),
    }),
  ),

  ...common('SerializingDispatcher', ({ serial }) => serial, {}),
  ...common('ForwardingDispatcher', ({ stamped }) => stamped as never, senderFields),
  ...common('SequencingDispatcher', ({ numbered }) => numbered as never, senderFields),

  'SerializingDispatcher.transact': method(
    ({ serial }) => serial,
    'transact',
    k.list(
      k.list(
        k.kind(({ sender }) => sender),
        k.value,
      ),
    ),
    k.options({ signal: k.optional(k.signal) }),
  ),
  'SequencingDispatcher.skipTo': method(({ numbered }) => numbered, 'skipTo', k.upward),
};
