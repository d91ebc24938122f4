import type { ClockedReceiver, Forwarder, Sender } from 'rxjs-clocked-dispatch';
import { dispatcherOf, type AnyDispatcher, type AnySender } from '../support/dispatchers.js';
import type { Action, Answer, Recording } from './records.js';
import type { Player } from './replay.js';

const MODES = { serialize: 'serialize', sequential: 'sequence', watermark: 'watermark' } as const;

/** The dispatcher under test, read by `tryReceive`. */
export class Engine implements Player {
  readonly #dispatcher: AnyDispatcher;
  readonly #senders = new Map<string, AnySender>();
  readonly #receivers = new Map<string, ClockedReceiver<string>>();

  constructor({ file, bound, seed }: Recording) {
    this.#dispatcher = dispatcherOf(MODES[file], { bound, seed });
  }

  play(op: Action): void {
    switch (op.op) {
      case 'new': {
        const [sender, receiver] = this.#dispatcher.channel(op.sender, op.receiver);
        this.#senders.set(op.sender, sender);
        this.#receivers.set(op.receiver, receiver);
        break;
      }
      case 'clone':
      case 'bclone':
        this.#senders.set(op.name, this.#sender(op.sender).clone(op.name));
        break;
      case 'into_broadcaster':
        this.#senders.set(op.name, this.#sender(op.sender).toBroadcaster(op.name));
        break;
      case 'send':
      case 'broadcast':
        (this.#sender(op.sender) as Sender<string>).trySend(op.value);
        break;
      case 'forward':
      case 'broadcast_forward':
        (this.#sender(op.sender) as Forwarder<string>).tryForward(op.value, op.ts);
        break;
      case 'drop_sender':
      case 'drop_broadcaster':
        this.#sender(op.sender).complete();
        break;
      case 'drop_receiver':
        this.#receiver(op.receiver).close();
        break;
    }
  }

  recv(name: string): Answer {
    const receiver = this.#receiver(name);
    const item = receiver.tryReceive();
    if (item !== undefined) return [item[0], item[1]];
    return receiver.closed ? 'disconnected' : 'empty';
  }

  #sender(name: string): AnySender {
    return this.#senders.get(name) as AnySender;
  }

  #receiver(name: string): ClockedReceiver<string> {
    return this.#receivers.get(name) as ClockedReceiver<string>;
  }
}
