import { arrive } from './arrivals.js';
import { Events } from './events.js';
import { Feeder } from './feeder.js';
import { Follower } from './follower.js';
import { Gather } from './gather.js';
import { Lags } from './lags.js';
import type { Message } from './message.js';
import { BATCH, type Constants, type Outcome, type Plan } from './plan.js';
import { Relay } from './relay.js';
import { Station } from './station.js';

/**
 * Writers → group commit of the log → its server, which feeds → (relays, which feed →) processes, each with its receivers.
 * Everything that was sent is told in the end, however long that takes.
 *
 * Deterministic: the same plan, constants and seed have the same outcome.
 */
export function simulate(plan: Plan, constants: Constants, seed: number = 1): Outcome {
  const { feeders = 0, relays: relayCount = 0, together = false } = plan;
  const events = new Events();
  const core = new Station(events);
  const lags = new Lags();
  const told = ({ at }: Message): void => lags.add(events.now - at);

  const processes = Array.from(
    { length: plan.processes },
    (_, i) => new Follower(i, events, plan, constants, together ? core : new Station(events), told),
  );
  const cost = {
    processor: together ? 0 : constants.feed,
    network: (constants.messageBytes * 8 * 1000) / plan.network,
  };
  const relays = Array.from({ length: relayCount }, (_, r) => {
    const own = processes.filter((_, i) => i % relayCount === r);
    return new Relay(events, own, constants.take, cost);
  });
  const server = new Feeder(
    feeders === 0 ? core : new Station(events),
    new Station(events),
    relays.length > 0 ? relays : processes,
    { ...cost, processor: cost.processor / Math.max(1, feeders) },
  );

  let [sent, stored, commits, behind] = [0, 0, 0, 0];
  const log = new Gather<Message>(BATCH, (messages, done) => {
    core.serve(constants.commit + messages.length * constants.append, () => {
      events.at(events.now + constants.sync, () => {
        commits++;
        stored += messages.length;
        server.feed(messages);
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

  const load = (...stations: readonly Station[]): number =>
    Math.max(0, ...stations.map(({ busy }) => busy)) / events.now;
  const perSecond = (counts: readonly number[]): number => (Math.max(...counts) / events.now) * 1000;
  return {
    ...{ sent, stored, told: lags.count, commits, behind, median: lags.quantile(0.5), p99: lags.quantile(0.99) },
    load: {
      log: load(core),
      feed: load(server.processor),
      network: load(server.network),
      relay: load(...relays.map(({ processor }) => processor)),
      process: load(...processes.map(({ processor }) => processor)),
    },
    ticks: perSecond(processes.map(({ ticks }) => ticks)),
    serverBytes: perSecond([server.fed * constants.messageBytes]),
    pageBytes: perSecond(processes.map(({ bytes }) => bytes)),
    keepsUp: behind <= plan.rate / 10,
  };
}
