import { type Line, socketLine } from 'rxjs-clocked-dispatch/port';
import { WebSocket } from 'ws';

/** All sockets of this process, so that they can be broken. */
export class Sockets {
  broken = 0;
  stopped = 0;
  dials = 0;
  readonly #open = new Set<WebSocket>();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  dial(url: string): Line {
    this.dials++;
    const socket = new WebSocket(url);
    socket.on('open', () => this.#open.add(socket));
    socket.on('close', () => this.#open.delete(socket));
    return socketLine(socket);
  }

  /** Breaks some, and stops the reading of some for a while: of what is under way, any part may be lost. */
  disturb(): void {
    for (const socket of this.#open) {
      const chance = this.#random();
      if (chance < 0.2) {
        this.broken++;
        socket.terminate();
      } else if (chance < 0.3) {
        this.stopped++;
        socket.pause();
        setTimeout(() => socket.resume(), 20 + this.#random() * 100);
      }
    }
  }
}
