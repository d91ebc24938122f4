import { arrive } from './arrivals.js';
import { Events } from './events.js';
import { Follower } from './follower.js';
import { Gather } from './gather.js';
import { Lags } from './lags.js';
import type { Message } from './message.js';
import { Network } from './network.js';
import { BATCH, type Constants, type Outcome, type Plan } from './plan.js';
import { Station } from './station.js';

/**
 * Writers → group commit of the log → network of its server → (relays →) processes, each with its receivers. Everything
 * that was sent is told in the end, however long that takes.
 *
 * Deterministic: the same plan, constants and seed have the same outcome.
 */
export function simulate(plan: Plan, constants: Constants, seed: number = 1): Outcome {
  const events = new Events();
  const core = new Station(events);
  const lags = new Lags();
  const together = plan.together === true;
  const processes = Array.from(
    { length: plan.processes },
    (_, i) =>
      new Follower(i, plan, constants, together ? core : new Station(events), ({ at }) => lags.add(events.now - at)),
  );
  const network = new Network(events, plan, constants, processes);

  let [sent, stored, commits, behind] = [0, 0, 0, 0];
  const log = new Gather<Message>(BATCH, (messages, done) => {
    core.serve(constants.commit + messages.length * constants.append, () => {
      events.at(events.now + constants.sync, () => {
        commits++;
        stored += messages.length;
        network.send(messages);
        done();
      });
    });
  });
  arrive(events, plan, seed, (messages) => {
    sent += messages.length;
    log.add(messages);
  });
  events.at(plan.seconds * 1000, () => (behind = sent - lags.count));
  events.run();

  const most = (of: (process: Follower) => number): number => Math.max(...processes.map(of));
  const perSecond = (count: number): number => (count / events.now) * 1000;
  return {
    ...{ sent, stored, told: lags.count, commits, behind, median: lags.quantile(0.5), p99: lags.quantile(0.99) },
    load: {
      log: core.busy / events.now,
      network: network.server.busy / events.now,
      process: most((process) => process.core.busy) / events.now,
    },
    ticks: perSecond(most(({ ticks }) => ticks)),
    serverBytes: perSecond(network.bytes),
    pageBytes: perSecond(most(({ bytes }) => bytes)),
    keepsUp: behind <= plan.rate / 10,
  };
}
