import type { Plan } from './plan.js';

const GIGABIT = 1e9;
const FLEET: Omit<Plan, 'name'> = {
  rate: 100_000,
  processes: 200,
  receivers: 100_000,
  seconds: 2,
  network: 10 * GIGABIT,
};

/** The plans of docs/scaling.md. */
export const PLANS: readonly Plan[] = [
  { ...FLEET, name: 'one process', rate: 20_000, processes: 1, receivers: 1000, together: true, network: Infinity },
  { ...FLEET, name: 'ten processes', rate: 20_000, processes: 10, receivers: 5000 },
  { ...FLEET, name: 'the fleet, fed by one server' },
  { ...FLEET, name: 'the fleet, behind 20 relays', relays: 20 },
  { ...FLEET, name: 'ten clocks, each with a tenth of it', rate: 10_000, processes: 20, receivers: 10_000 },
];
