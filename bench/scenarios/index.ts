import { broadcast } from './broadcast.js';
import { coalesced } from './coalesced.js';
import { idle } from './idle.js';
import { operator } from './operator.js';
import { pull, sendAndPull } from './pull.js';
import { sequence } from './sequence.js';
import { serialize } from './serialize.js';
import { slowConsumer } from './slow-consumer.js';
import { watermark, watermarkBehind } from './watermark.js';
import type { Scenario } from '../scenario.js';

export const scenarios: readonly Scenario[] = [
  serialize,
  coalesced,
  idle,
  broadcast,
  operator,
  sequence,
  watermark,
  watermarkBehind,
  pull,
  sendAndPull,
  slowConsumer,
];
