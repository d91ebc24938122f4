import { lineInMemory, type Line } from 'rxjs-clocked-dispatch/port';

/** What has happened: one side has posted a frame, has got one, or has closed the line. */
export interface Passage {
  readonly at: 'client' | 'server';
  readonly did: 'post' | 'take' | 'close';
  readonly frame: readonly unknown[];
}

/** A line that delivers when it is told to, and breaks: what is under way then is lost. */
export class FlakyLine {
  readonly client: End;
  readonly server: End;
  /** Everything that has happened to frames, in order. */
  readonly passages: Passage[] = [];

  constructor() {
    const log = (at: Passage['at']) => (did: Passage['did'], frame: unknown) => {
      this.passages.push({ at, did, frame: frame as readonly unknown[] });
    };
    this.client = new End(log('client'));
    this.server = new End(log('server'));
    this.client.peer = this.server;
    this.server.peer = this.client;
  }

  /** Delivers up to so many frames in each direction. */
  deliver(most = Infinity): number {
    return this.client.deliver(most) + this.server.deliver(most);
  }

  get underWay(): number {
    return this.client.arriving.length + this.server.arriving.length;
  }

  /** What one side has posted, from the beginning. */
  posted(at: Passage['at']): (readonly unknown[])[] {
    return this.passages.filter((passage) => passage.at === at && passage.did === 'post').map(({ frame }) => frame);
  }

  /** `'client'`: only that side learns of it; the other goes on speaking into the void. */
  break(who: 'both' | 'client' = 'both'): void {
    this.client.lose('the line broke');
    if (who === 'both') this.server.lose('the line broke');
    else this.server.arriving.length = 0;
  }

  /** From now on nothing arrives at either side, and neither learns of it. */
  cut(): void {
    for (const end of [this.client, this.server]) {
      end.isCut = true;
      end.arriving.length = 0;
    }
  }
}

class End implements Line {
  onframe: Line['onframe'];
  onclose: Line['onclose'];
  peer!: End;
  readonly arriving: unknown[] = [];
  closed = false;
  /** Whether nothing gets to the other side, and nobody is told. */
  isCut = false;
  readonly #log: (did: Passage['did'], frame: unknown) => void;

  constructor(log: (did: Passage['did'], frame: unknown) => void) {
    this.#log = log;
  }

  post(frame: unknown): void {
    if (this.closed) return;
    this.#log('post', frame);
    // What the other side has no more is lost.
    if (!this.peer.closed && !this.isCut) this.peer.arriving.push(structuredClone(frame));
  }

  deliver(most: number): number {
    let delivered = 0;
    while (delivered < most && !this.closed && this.arriving.length > 0) {
      delivered++;
      const frame = this.arriving.shift();
      this.#log('take', frame);
      this.onframe?.(frame);
    }
    return delivered;
  }

  close(reason?: unknown): void {
    if (this.closed) return;
    this.#log('close', [reason]);
    this.lose(reason);
    if (this.isCut) return;
    this.peer.deliver(Infinity);
    this.peer.lose(reason);
  }

  lose(reason: unknown): void {
    if (this.closed) return;
    this.closed = true;
    this.arriving.length = 0;
    queueMicrotask(() => this.onclose?.(reason));
  }
}

/** A line on which a test speaks for the client. */
export function rawClient(accept: (line: Line) => void): RawClient {
  return new RawClient(accept);
}

/** Says whatever a test wants, and keeps what it hears. */
export class RawClient {
  readonly heard: (readonly unknown[])[] = [];
  closed: { readonly reason: unknown } | undefined;
  readonly line: Line;

  constructor(accept: (line: Line) => void) {
    const [client, server] = lineInMemory();
    this.line = client;
    client.onframe = (frame) => this.heard.push(frame as readonly unknown[]);
    client.onclose = (reason) => {
      this.closed = { reason };
    };
    accept(server);
  }

  say(...frames: readonly unknown[]): void {
    for (const frame of frames) this.line.post(frame);
  }

  hello(more: Readonly<Record<string, unknown>> = {}): this {
    this.say(['hello', { version: 1, session: 'raw', ...more }]);
    return this;
  }

  /** The frames of a kind. */
  of(kind: string): (readonly unknown[])[] {
    return this.heard.filter((frame) => frame[0] === kind);
  }
}

/** What `open` and `join` have, unless a test says otherwise. */
export function open(more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { name: 'ui', reads: ['ui'], from: null, of: null, credit: 4, orNow: false, ...more };
}

export function join(more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { name: 'web', to: ['ui'], key: 'k', next: 1, sent: 0, since: null, ...more };
}
