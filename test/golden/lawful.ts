import { Model, type ModelReceiver, type ModelSender } from '../support/model.js';
import type { Action, Answer, Recording } from './records.js';
import type { Player } from './replay.js';

const MODES = { serialize: 'serialize', sequential: 'sequence', watermark: 'watermark' } as const;

/** The laws alone, said with arrays and sorts: what the crate's model has to come to with every departure. */
export class Lawful implements Player {
  readonly #model: Model;
  readonly #receivers = new Map<string, ModelReceiver>();
  readonly #senders = new Map<string, ModelSender>();

  constructor({ file, seed }: Recording) {
    this.#model = new Model(MODES[file], seed);
  }

  play(op: Action): void {
    switch (op.op) {
      case 'new': {
        const receiver = this.#model.receiver(op.receiver);
        this.#receivers.set(op.receiver, receiver);
        this.#senders.set(op.sender, this.#model.sender([receiver]));
        break;
      }
      case 'clone':
      case 'bclone':
      case 'into_broadcaster': {
        const parent = this.#sender(op.sender);
        const to = op.op === 'clone' ? parent.to : null;
        this.#senders.set(op.name, this.#model.sender(to, parent.strict, parent));
        if (op.op === 'into_broadcaster') this.#model.complete(parent);
        break;
      }
      case 'send':
      case 'broadcast':
        this.#model.send(this.#sender(op.sender), op.value);
        break;
      case 'forward':
      case 'broadcast_forward':
        this.#model.forward(this.#sender(op.sender), op.value, op.ts);
        break;
      case 'drop_sender':
      case 'drop_broadcaster':
        this.#model.complete(this.#sender(op.sender));
        break;
      case 'drop_receiver':
        this.#model.leave(this.#receiver(op.receiver));
        break;
    }
  }

  recv(name: string): Answer {
    const receiver = this.#receiver(name);
    const item = receiver.pull();
    if (item !== undefined) return [item[0], item[1]];
    return receiver.closed ? 'disconnected' : 'empty';
  }

  #sender(name: string): ModelSender {
    return this.#senders.get(name) as ModelSender;
  }

  #receiver(name: string): ModelReceiver {
    return this.#receivers.get(name) as ModelReceiver;
  }
}
