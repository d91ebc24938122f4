import { type Entrant, type Result, ratio } from './harness.js';
import type { Scenario, Target } from './scenario.js';

/** A target, and what was measured. */
export interface Verdict {
  /** What is measured, in words. */
  readonly what: string;
  /** What is asked for, in words. */
  readonly target: string;
  /** As the target puts it: a ratio, or bytes. */
  readonly measured: number;
  readonly unit: '×' | 'bytes';
  readonly asked: { readonly least: number } | { readonly most: number };
  /** What the limit itself would be measured at, where that helps to judge. */
  readonly limit?: number | undefined;
}

/** Whether the target is met; a `margin` of 2 forgives twice as much. */
export function met({ measured, asked }: Verdict, margin = 1): boolean {
  return 'least' in asked ? measured >= asked.least / margin : measured <= asked.most * margin;
}

/** Whether what is asked for can't be had: the limit misses it as well, and the package is no worse than that. */
export function beyondReach({ measured, asked, limit }: Verdict): boolean {
  return 'most' in asked && limit !== undefined && limit > asked.most && measured <= limit;
}

/** At most so many bytes. */
export function bytesVerdict(what: string, most: number, measured: number): Verdict {
  return { what, target: `<= ${count(most)} bytes`, measured, unit: 'bytes', asked: { most } };
}

/** Whom a target compares. */
export function entrantsOf(scenario: Scenario, target: Target, size?: number): Entrant[] {
  const of = target.of ?? 'package';
  const entrant = (contender: string, size: number): Entrant => ({ scenario: scenario.name, contender, size });
  if ('growth' in target) {
    const whose = 'limit' in scenario.contenders ? [of, 'limit'] : [of];
    return whose.flatMap((contender) => [entrant(contender, target.from), entrant(contender, target.to)]);
  }
  return target.sizes
    .filter((s) => size === undefined || s === size)
    .flatMap((s) => [entrant(of, s), entrant(target.against, s)]);
}

/** What the results of a race say about a target. */
export function verdicts(scenario: Scenario, target: Target, results: readonly Result[]): Verdict[] {
  const { of = 'package' } = target;
  const subject = of === 'package' ? scenario.title : `${scenario.title}, \`${of}\``;
  const find = (contender: string, size: number): Result | undefined =>
    results.find((r) => r.scenario === scenario.name && r.contender === contender && r.size === size);
  const compare = (a: Result | undefined, b: Result | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : ratio(a, b);

  if ('growth' in target) {
    const { from, to, growth } = target;
    const measured = compare(find(of, to), find(of, from));
    if (measured === undefined) return [];
    const what = `${subject}: cost of a message from ${count(from)} to ${count(to)} ${scenario.unit}`;
    const limit = compare(find('limit', to), find('limit', from));
    return [{ what, target: `<= ${growth} ×`, measured, unit: '×', asked: { most: growth }, limit }];
  }
  return target.sizes.flatMap((size): Verdict[] => {
    const measured = compare(find(of, size), find(target.against, size));
    if (measured === undefined) return [];
    const what = `${subject}, ${count(size)} ${scenario.unit}`;
    if ('most' in target) {
      const words = `<= ${count(target.most)} × ${target.against}`;
      return [{ what, target: words, measured, unit: '×', asked: { most: target.most } }];
    }
    const words = `>= ${count(target.least)} × faster than ${target.against}`;
    return [{ what, target: words, measured: 1 / measured, unit: '×', asked: { least: target.least } }];
  });
}

/** A number as one reads it: 10,000; 1.25; 820. */
export function count(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: value < 1000 ? 3 : 6 });
}
