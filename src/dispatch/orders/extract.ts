import type { Concerned } from './backlog.js';
import type { HeldMessage, Without } from './order.js';
import type { WatermarkInput } from './watermark-input.js';

/** What was taken out, in order, and the inputs where something changed. */
export interface Extracted<T, P> {
  readonly messages: HeldMessage<T, P>[];
  readonly inputs: Iterable<WatermarkInput<T, P>>;
  /** How many messages are not held any more. */
  readonly gone: number;
}

/** Takes out the first messages, `count` at most, that `without` concerns; the rest of their payload stays. */
export function extract<T, P>(
  inputs: readonly WatermarkInput<T, P>[],
  without: Without<P>,
  count: number,
): Extracted<T, P> {
  const found: { input: WatermarkInput<T, P>; message: Concerned<T, P> }[] = [];
  for (const input of inputs) {
    if (input.backlog.messages === 0) continue;
    for (const message of input.backlog.find(without, count)) found.push({ input, message });
  }
  // Equal timestamps stay in the order of seats.
  const taken = found
    .sort((a, b) => a.message.item[1] - b.message.item[1] || a.input.seat - b.input.seat)
    .slice(0, count);

  const byInput = new Map<WatermarkInput<T, P>, Concerned<T, P>[]>();
  for (const { input, message } of taken) {
    const ofInput = byInput.get(input);
    if (ofInput === undefined) byInput.set(input, [message]);
    else ofInput.push(message);
  }
  for (const [input, messages] of byInput) input.backlog.reduce(messages);
  return {
    messages: taken.map(({ message: { item, payload } }) => ({ item, payload })),
    inputs: byInput.keys(),
    gone: taken.filter(({ message }) => message.rest === undefined).length,
  };
}
