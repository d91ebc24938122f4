import {
  bareSocket,
  bareTrips,
  barePort,
  type Contender,
  remoteSender,
  subscribedPort,
  subscribedSocket,
} from './contenders.js';

/** Two that do the same, so that their costs can be compared. */
export interface Row {
  readonly name: string;
  readonly bare: () => Promise<Contender>;
  readonly ours: () => Promise<Contender>;
  /** Messages of a turn. */
  readonly count: number;
  /** The target: what is left of the throughput of `bare`. */
  readonly least?: number;
}

export const rows: readonly Row[] = [
  // One by one: what one writes without this package.
  { name: 'port, subscribed', bare: barePort, ours: subscribedPort, count: 40_000, least: 1.5 },
  { name: 'socket, from the log', bare: bareSocket, ours: () => subscribedSocket(), count: 40_000, least: 0.7 },
  // With what it costs to read JSON from the log, which `npm run bench:log` measures.
  {
    name: 'socket, log of JSON',
    bare: bareSocket,
    ours: () => subscribedSocket('sockets, log of JSON'),
    count: 40_000,
  },
  { name: 'port, 256 sends', bare: bareTrips, ours: remoteSender, count: 40_960, least: 0.5 },
];
