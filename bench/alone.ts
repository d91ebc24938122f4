/**
 * One contender alone in this process, for a profiler to look at:
 *
 *     node --cpu-prof --expose-gc --import tsx bench/alone.ts watermark 10            # the package
 *     node --cpu-prof --expose-gc --import tsx bench/alone.ts watermark 10 limit 5    # another one, for 5 seconds
 */
import { scenarios } from './scenarios/index.js';

const [name, size, contender = 'package', seconds = '3'] = process.argv.slice(2);
const scenario = scenarios.find((scenario) => scenario.name === name);
const begin = scenario?.contenders[contender];
if (scenario === undefined || begin === undefined) {
  throw new Error(
    `no contender '${contender}' of '${name}': there are ${scenarios.map((s) => `'${s.name}'`).join(', ')}`,
  );
}

let last: unknown;
const batch = await begin(Number(size), () => (message) => (last = message));
const messages = scenario.messages(Number(size), contender);
const started = performance.now();
const end = started + 1000 * Number(seconds);
let sent = 0;
for (; performance.now() < end; sent += messages) await batch(messages);
console.log(`${((1e6 * (performance.now() - started)) / sent).toFixed(1)} ns a message; the last one:`, last);
