import { fc } from '../../support/fast-check.js';
import type { Line } from 'rxjs-clocked-dispatch/port';
import { FlakyLine } from './flaky-line.js';
import type { VirtualTime } from './virtual-time.js';

/** What may happen to the line of a client: frames arrive by and by, everything arrives, it breaks. */
export type LineStep =
  | { readonly do: 'deliver'; readonly client: number; readonly side: 'client' | 'server'; readonly frames: number }
  | { readonly do: 'flow'; readonly client: number }
  | { readonly do: 'break'; readonly client: number; readonly who: 'both' | 'client' };

/** Steps of lines, with their weights, for `fc.oneof`. */
export function lineSteps(
  client: fc.Arbitrary<number>,
): readonly { readonly weight: number; readonly arbitrary: fc.Arbitrary<LineStep> }[] {
  return [
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('deliver' as const),
        client,
        side: fc.constantFrom('client' as const, 'server' as const),
        frames: fc.integer({ min: 1, max: 6 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('flow' as const), client }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('break' as const),
        client,
        who: fc.constantFrom('both' as const, 'client' as const),
      }),
    },
  ];
}

/** Dials lines that do what steps say. */
export class FlakyDial {
  readonly lines: FlakyLine[] = [];
  readonly #accept: (line: Line) => void;
  readonly #time: VirtualTime;

  constructor(accept: (line: Line) => void, time: VirtualTime) {
    this.#accept = accept;
    this.#time = time;
  }

  /** For `connect`. */
  readonly dial = (): Line => {
    const line = new FlakyLine();
    this.lines.push(line);
    this.#accept(line.server);
    return line.client;
  };

  /** The newest. */
  get line(): FlakyLine | undefined {
    return this.lines.at(-1);
  }

  async take(step: LineStep): Promise<void> {
    if (step.do === 'deliver') this.line?.[step.side].deliver(step.frames);
    else if (step.do === 'break') this.line?.break(step.who);
    else await this.flow();
  }

  /** Everything that is under way arrives, and what is said to it. */
  async flow(): Promise<void> {
    for (let i = 0; i < 6; i++) {
      await this.#time.pass(1);
      this.line?.deliver();
    }
  }
}
