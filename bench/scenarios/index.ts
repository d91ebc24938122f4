import type { Scenario } from '../scenario.js';
import { coalesced } from './coalesced.js';
import { lifecycles } from './lifecycle.js';
import { weights } from './memory.js';
import { operator, stamp } from './operators.js';
import { pull, pullMany, sendAndPull } from './pull.js';
import { sequence } from './sequence.js';
import { broadcast, chain, serialize, trySend } from './serialize.js';
import { slowConsumer } from './slow-consumer.js';
import { watermark, watermarkBehind } from './watermark.js';

export const scenarios: readonly Scenario[] = [
  ...[serialize, trySend, chain, coalesced, broadcast, operator, stamp],
  ...[sequence, watermark, watermarkBehind, pull, pullMany, sendAndPull, slowConsumer],
  ...lifecycles,
  ...weights,
];
