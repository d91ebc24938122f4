import { WebSocket } from 'ws';

/** Somebody who writes frames by hand, right ones or wrong ones. */
export class RawClient {
  readonly frames: (readonly unknown[])[] = [];
  readonly socket: WebSocket;
  readonly #closed: Promise<string>;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => this.frames.push(JSON.parse((data as Buffer).toString()) as unknown[]));
    this.#closed = new Promise((resolve) => this.socket.once('close', (_code, reason) => resolve(reason.toString())));
  }

  /** Opens it, and says hello where it is told as whom. */
  static async open(url: string, hello?: Readonly<Record<string, unknown>>): Promise<RawClient> {
    const client = new RawClient(url);
    await new Promise((resolve) => client.socket.once('open', resolve));
    if (hello !== undefined) {
      client.say(['hello', { version: 1, session: 'somebody', ...hello }]);
      await client.answer('welcome');
    }
    return client;
  }

  say(...frames: unknown[]): void {
    for (const frame of frames) this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The first frame of a kind. */
  async answer(kind: string): Promise<readonly unknown[]> {
    for (const limit = Date.now() + 5000; Date.now() < limit; await new Promise((resolve) => setTimeout(resolve, 2))) {
      const frame = this.frames.find(([said]) => said === kind);
      if (frame !== undefined) return frame;
    }
    throw new Error(`no '${kind}' among ${JSON.stringify(this.frames)}`);
  }

  /** The reason that the server gives for closing it. */
  closed(): Promise<string> {
    return this.#closed;
  }

  close(): void {
    this.socket.terminate();
  }
}
