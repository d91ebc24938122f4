import { InvalidRouteError, UnknownReceiverError } from '../../errors/names.js';
import { isArray } from '../../options/guards.js';
import { EVERYBODY } from '../membership/audience.js';
import type { Membership } from '../membership/membership.js';
import type { Endpoint } from '../receivers/endpoint.js';
import { ALL } from '../route.js';

/** The receivers that a route names. Those that have left are left out; names that nobody had are refused. */
export function resolve<T>(membership: Membership<T>, sender: string, route: unknown): readonly Endpoint<T>[] {
  if (route === ALL) return EVERYBODY;
  if (typeof route === 'string') {
    const endpoint = find(membership, sender, route);
    return endpoint === undefined ? [] : [endpoint];
  }
  if (!isArray(route)) throw new InvalidRouteError(sender, route);
  const found = new Set<Endpoint<T>>();
  for (const name of route) {
    const endpoint = find(membership, sender, name);
    if (endpoint !== undefined) found.add(endpoint);
  }
  return [...found];
}

function find<T>(membership: Membership<T>, sender: string, name: unknown): Endpoint<T> | undefined {
  if (typeof name !== 'string') throw new InvalidRouteError(sender, name);
  const endpoint = membership.receivers.get(name);
  if (endpoint === undefined && !membership.mayHaveDeparted(name)) {
    throw new UnknownReceiverError(sender, name, [...membership.receivers.keys()]);
  }
  return endpoint;
}
