/** What the fixtures hold, the first entry trimmed. Never changed: fixtures of earlier releases have it. */
export const ENTRIES: readonly unknown[] = [
  { messages: [{ value: '"trimmed"', to: ['a'] }], at: 1_700_000_000_000 },
  { messages: [{ value: '{"n":2}', to: ['a', 'b'] }], id: 'two', at: 1_700_000_000_001, meta: { schema: 1 } },
  { messages: [{ value: new Uint8Array([0, 127, 255]), to: '*' }], at: 1_700_000_000_002 },
  'any value é \u2028 😀',
  [null, true, 1.5, { nested: [new Uint8Array(0)] }],
];

export const IDS: readonly (string | undefined)[] = ['one', 'two', undefined, 'four', undefined];

export const CHECKPOINT = { ts: 3, version: 2, state: { n: 3, bytes: new Uint8Array([1, 2]) } };
