import { count } from '../options/check.js';

/**
 * How many messages may wait in an operator: 1024 where nothing else is said.
 *
 * @internal
 */
export function boundOf(operator: string, bound: number | undefined): number {
  return count(operator, 'bound', bound, 1024);
}
