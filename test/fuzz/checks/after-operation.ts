import type { Stats } from '../library.js';
import type { SenderRecord, World } from '../world.js';

/** What holds at any moment, also inside a callback. */
export function afterOperation(world: World, look: boolean): void {
  const { clock } = world.dispatcher;
  if (clock < world.clock) world.fail('clock back', `the dispatcher's: ${clock} after ${world.clock}`);
  world.clock = clock;
  for (const record of world.receivers.values()) record.observe();
  if (look) checkStats(world, world.dispatcher.stats());
}

export function checkStats(world: World, stats: Stats): void {
  checkBounds(world, stats);
  if (world.legacy) return;
  checkFields(world, stats);
  checkPromises(world, stats);
  const { offered, accepted, refused, late, ahead, duplicates } = stats;
  if (offered !== accepted + refused + late + ahead + duplicates) {
    world.fail('accounts', `offered ${JSON.stringify({ offered, accepted, refused, late, ahead, duplicates })}`);
  }
}

function checkFields(world: World, stats: Stats): void {
  const number = (where: object, ...keys: string[]): void => {
    for (const key of keys) {
      const value = (where as Record<string, unknown>)[key];
      if (typeof value !== 'number') world.fail('stats', `${key} is ${String(value)} in ${JSON.stringify(where)}`);
      else if (value < 0 && key !== 'clock' && key !== 'promise')
        world.fail('negative', `${key} in ${JSON.stringify(where)}`);
    }
  };
  number(stats, 'clock', 'held', 'offered', 'accepted', 'refused', 'late', 'ahead', 'duplicates');
  for (const source of stats.sources) number(source, 'promise', 'lag', 'held', 'waiting');
  for (const receiver of stats.receivers) {
    number(receiver, 'clock', 'queued', 'held', 'bound', 'delivered', 'dropped', 'waiting');
  }
}

/** No promise is taken back. */
function checkPromises(world: World, { sources }: Stats): void {
  const { senders, setup } = world;
  if (setup.mode !== 'watermark' || setup.frontier === 'receiver') return;
  for (const { name, promise } of sources) {
    const record = senders.get(Number(name.slice(1)));
    if (record === undefined) continue;
    if (promise < record.promise) world.fail('promise back', `${name} promises ${promise} after ${record.promise}`);
    record.promise = promise;
  }
}

function checkBounds(world: World, { held, sources, receivers }: Stats): void {
  const { mode, maxWaiting = 1024, maxHeld = 1024 } = world.setup;
  // What everybody waits for comes in past the bound: at most one a source, and k + 1 with disorder k (law 15), not
  // counting what has the same timestamp.
  const beyond =
    mode === 'serialize'
      ? 0
      : mode === 'sequence'
        ? 1
        : [...world.senders.values()].reduce((n, s) => n + s.disorder + 1 + repeated(s), 0);
  for (const receiver of receivers) {
    const { name, queued, bound, waiting } = receiver;
    const taken = queued + (world.legacy ? 0 : receiver.held);
    if (queued < 0) world.fail('negative', JSON.stringify(receiver));
    // A hand-off holds what it was promised (one to subscribers) until it is told, and what is in hand or was given back.
    const record = world.receiverNamed(name);
    const promised = record === undefined ? 0 : record.pulls + record.underWay.size + record.returned.size;
    const room = bound === 0 ? 1 + promised : bound;
    if (taken > room + beyond) world.fail('bound', `${JSON.stringify(receiver)}, ${promised} promised`);
    if (waiting > maxWaiting) world.fail('maxWaiting', JSON.stringify(receiver));
  }
  if (held < 0) world.fail('negative', `held ${held}`);
  // With bound 0 there is room for whoever waits.
  const bounds = [...world.receivers.values()].reduce((sum, { bound, pulls }) => sum + (bound > 0 ? bound : pulls), 0);
  if (held > maxHeld + bounds + beyond + sources.length) world.fail('maxHeld', `held ${held}`);
}

/** How many messages of a source that may run backwards have a timestamp that another one of it has. */
function repeated({ disorder, sent }: SenderRecord): number {
  return disorder === 0 ? 0 : sent.length - new Set(sent.map(({ ts }) => ts)).size;
}
