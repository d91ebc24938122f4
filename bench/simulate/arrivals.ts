import { randomNumbers } from '../scenario.js';
import type { Events } from './events.js';
import type { Message } from './message.js';
import type { Plan } from './plan.js';

/**
 * Messages come up at random, independent of each other (a Poisson process), and are sent by a timer of a millisecond, as in
 * the real run.
 */
export function arrive(events: Events, plan: Plan, seed: number, come: (messages: readonly Message[]) => void): void {
  const random = randomNumbers(seed);
  const end = plan.seconds * 1000;
  const gap = (): number => (-Math.log(1 - random()) * 1000) / plan.rate;
  let next = gap();
  const turn = (): void => {
    const messages: Message[] = [];
    for (; next <= events.now; next += gap()) {
      messages.push({ at: events.now, process: Math.floor(random() * plan.processes) });
    }
    if (messages.length > 0) come(messages);
    if (events.now < end) events.at(Math.min(events.now + 1, end), turn);
  };
  events.at(0, turn);
}
