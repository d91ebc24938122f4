import { connect } from 'rxjs-clocked-dispatch/port';
import type { Line } from 'rxjs-clocked-dispatch/port';
import { idOf, type Message, NAMES } from './message.js';

/** Calls of one sender that are under way at once. */
const AT_ONCE = 32;

/** What was acknowledged: positions by the id of the message. */
export type Acknowledged = Map<string, number>;

/** Sends messages until it is over, by a sender for each name, and closes when all are acknowledged. */
export async function write(
  dial: () => Line,
  writer: number,
  isOver: () => boolean,
  acknowledged: Acknowledged,
  faults: string[],
): Promise<void> {
  const connection = connect<Message>(dial, { retry: 10, maxRetry: 200 });
  await Promise.all(
    NAMES.map(async (to) => {
      const sender = connection.sender(`writer ${writer} to ${to}`, to);
      let next = 0;
      const lane = async (): Promise<void> => {
        while (!isOver()) {
          const message: Message = { writer, to, number: next++, text: 'x'.repeat(40) };
          try {
            acknowledged.set(idOf(message), await sender.send(message));
          } catch (error) {
            faults.push(`${idOf(message)} was refused: ${String(error)}`);
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
    }),
  );
  connection.close();
}
