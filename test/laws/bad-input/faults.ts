import { faultOf, type Row } from './attempt.js';
import { changesOf } from './changes.js';
import type { Kind, Verdict } from './kinds.js';
import type { World } from './world.js';

/** Whatever goes wrong when each argument is left out or spoilt in every way, one at a time. */
export async function faultsOf(row: Row): Promise<string[]> {
  const faults: string[] = [];
  const good = (world: World): unknown[] => row.kinds.map((kind) => kind.good(world));
  const tryIt = async (
    label: string,
    ...[change, args]: [Parameters<typeof faultOf>[1], (world: World) => unknown[]]
  ) => {
    const fault = await faultOf(row, change, args);
    if (fault !== undefined) faults.push(`${label} ${fault}`);
  };

  await tryIt('what is right', { verdict: true }, good);
  for (const [i, kind] of row.kinds.entries()) {
    const verdict = row.kinds.slice(i).reduce<Verdict>((all, kind) => both(all, withoutIt(kind)), true);
    await tryIt(`without argument ${i}`, { verdict }, (world) => good(world).slice(0, i));
    for (const change of changesOf(kind)) {
      await tryIt(`argument ${i}: ${change.label}`, change, (world) =>
        good(world).map((given, j) => (j === i ? change.of(given) : given)),
      );
    }
  }
  return faults;
}

/** What is expected where an argument is missing. */
function withoutIt({ mayBeMissing, takes }: Kind): Verdict {
  return mayBeMissing === true || takes(undefined);
}

function both(a: Verdict, b: Verdict): Verdict {
  if (a === false || b === false) return false;
  return a === undefined ? a : b;
}
