import { createDispatcher } from 'rxjs-clocked-dispatch';
import type { Batch, Consumers, Scenario } from '../scenario.js';
import { inTurn } from './serialize.js';

/** One receiver is written to and subscribed; the others have neither a sender nor a consumer, and must cost nothing. */
export const idle: Scenario = {
  name: 'idle',
  title: 'serialize, 1 receiver subscribed beside idle ones',
  unit: 'receivers',
  sizes: [1, 10_000],
  contenders: { package: dispatcher },
  messages: () => 20_000,
  targets: [{ growth: 1.25, from: 1, to: 10_000 }],
};

function dispatcher(receivers: number, consumers: Consumers): Batch {
  const dispatcher = createDispatcher<number>({ mode: 'serialize' });
  dispatcher.receiver('busy').subscribe(consumers(0));
  for (let r = 1; r < receivers; r++) dispatcher.receiver(`idle${r}`);
  return inTurn([dispatcher.sender('s', 'busy')]);
}
