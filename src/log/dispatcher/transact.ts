import { InvalidArgumentError, type Timestamp } from '../../index.js';
import { isArray, isUsable } from '../../options/guards.js';
import type { Addressees } from './addressees.js';
import type { DurableSendOptions } from './durable-dispatcher.js';
import { LogSender, type SenderHost } from './log-sender.js';
import { readStorableOptions } from './send-options.js';

/** Stores several messages as one entry (laws 39 and 41). Throws what is wrong with them. */
export function transact(
  host: SenderHost,
  messages: unknown,
  options: DurableSendOptions | undefined,
): Promise<Timestamp> {
  const read = readStorableOptions('transact', options);
  const parts = partsOf(host, messages);
  for (const [sender] of parts) sender.assertOpen();
  const outgoing = parts.map(([sender, value]) => sender.outgoing(value));
  assertOneEach(
    messages,
    outgoing.map(({ to }) => to),
  );
  return host.outbox.submit(outgoing, { ...read, behind: parts.map(([sender]) => sender.chain) });
}

type Part = readonly [sender: LogSender<unknown>, value: unknown];

function partsOf(host: SenderHost, messages: unknown): readonly Part[] {
  if (!isArray(messages) || messages.length === 0) return refuse(messages, 'a list of [sender, value]');
  return messages.map((message) => {
    if (!isArray(message) || message.length !== 2) return refuse(message, '[sender, value]');
    const [sender, value] = message;
    if (isUsable(sender) && sender instanceof LogSender && sender.host === host) return [sender, value];
    return refuse(sender, 'a sender of this dispatcher');
  });
}

/** One timestamp, at most one message for each name. */
function assertOneEach(messages: unknown, all: readonly Addressees[]): void {
  const seen = new Set<string>();
  for (const to of all) {
    if (to === '*' && all.length > 1) refuse(messages, 'at most one message for each name, and one is for all names');
    for (const name of to) {
      if (seen.has(name)) refuse(messages, `at most one message for each name, and '${name}' has more`);
      seen.add(name);
    }
  }
}

function refuse(given: unknown, expected: string): never {
  throw new InvalidArgumentError('transact', 'messages', given, expected);
}
