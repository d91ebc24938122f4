import { StampedSender } from '../senders/stamped-sender.js';
import { senderSettings } from '../options.js';
import type { Inlet } from '../senders/inlet.js';
import type { StartedMode } from './mode.js';
import type { StampedMode } from './stamped-mode.js';

/** A forwarding mode at work; what a mode has of its own is given by `own`. */
export function startStamped<T, I extends object>(
  mode: StampedMode<T, I>,
  own: Partial<Pick<StartedMode<T>, 'methods' | 'onGap' | 'sender'>> = {},
): StartedMode<T> {
  return {
    ordering: mode,
    checkSender: (name, options) => {
      senderSettings(name, options);
      mode.engine.checkSender(name);
    },
    sender: (name, to, options) => new StampedSender(mode, name, to, options) as unknown as Inlet<T>,
    onLate: (listener) => mode.late.add(listener),
    onGap: () => NOTHING,
    methods: {},
    ...own,
  };
}

const NOTHING = (): void => {};
