import type { Plan } from './plan.js';

/** A plan, and whose constants it has. */
export interface FleetPlan extends Plan {
  readonly store: 'together' | 'level' | 'jetstream';
}

const GIGABIT = 1e9;
const FLEET: Omit<FleetPlan, 'name'> = {
  store: 'jetstream',
  rate: 100_000,
  processes: 200,
  receivers: 100_000,
  seconds: 2,
  network: 10 * GIGABIT,
  feeders: 16,
  tickEvery: 50,
};

/** The plans of docs/scaling.md. */
export const PLANS: readonly FleetPlan[] = [
  {
    ...FLEET,
    name: 'one process, 1,000 receivers',
    store: 'together',
    rate: 20_000,
    processes: 1,
    receivers: 1000,
    together: true,
    network: Infinity,
    tickEvery: 0,
  },
  { ...FLEET, name: 'a stream, 10 processes', rate: 20_000, processes: 10, receivers: 5000 },
  { ...FLEET, name: 'a stream, 300 processes', rate: 10_000, processes: 300, receivers: 300_000 },
  { ...FLEET, name: 'the fleet, one stream' },
  { ...FLEET, name: 'the fleet, one stream, 20 relays', relays: 20 },
  { ...FLEET, name: 'the fleet, one process stores, 25 relays', store: 'level', feeders: 4, relays: 25 },
  { ...FLEET, name: 'a tenth of it, a stream of its own', rate: 10_000, processes: 20, receivers: 10_000 },
];
