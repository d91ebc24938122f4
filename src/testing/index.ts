export { clocked, type ClockedMarbles, MarbleRowError } from './row.js';
export { explain, type AssertDeepEqual } from './explain.js';
export { marblesOf, type MarbleRecording, type MarblesOfOptions } from './marbles-of.js';
export { describeEventLog } from './event-log/describe-event-log.js';
export type { LogUnderTest, Runner } from './event-log/runner.js';
export { describeLine, type LineEnds } from './line/describe-line.js';
