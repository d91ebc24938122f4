import type { Overflow } from 'rxjs-clocked-dispatch';

export type Mode = 'serialize' | 'watermark' | 'sequence';

/** What a dispatcher is made with: another setting is another dispatcher. */
export interface Settings {
  readonly mode: Mode;
  /** How many messages may wait at one board. */
  readonly bound: number;
  /** What happens to a message that finds its board full: its source waits, or `overflow` of the dispatcher. */
  readonly overflow: 'wait' | Overflow;
  /** Whether boards are told of others' messages with each one, or once a frame. */
  readonly ticks: 'each' | 'frame';
  /** After how many milliseconds a silent source (or a missing number) is given up; 0 is never. */
  readonly giveUpAfter: number;
}

export const DEFAULT_SETTINGS: Settings = {
  mode: 'watermark',
  bound: 256,
  overflow: 'wait',
  ticks: 'each',
  giveUpAfter: 0,
};

export const MODES: Readonly<Record<Mode, { readonly title: string; readonly law: string }>> = {
  serialize: {
    title: 'Serialize',
    law: 'Numbers each report as it comes in. Nobody is waited for, and the order is that of arrival.',
  },
  watermark: {
    title: 'Watermark',
    law: 'Orders reports by their own time: each is let through once every source has got that far.',
  },
  sequence: {
    title: 'Sequence',
    law: 'Reports carry consecutive numbers. Each is let through when the one before it has been.',
  },
};
