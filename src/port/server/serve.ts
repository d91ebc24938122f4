import type { DispatcherView } from '../../dispatch/api/view.js';
import { InvalidArgumentError } from '../../errors/inputs.js';
import { isLine, type Line } from '../line.js';
import { serveSettings, type ServeOptions, type ServeSettings } from './options.js';
import { Peer, type PeerHost } from './peer.js';
import type { Served } from './served.js';
import { servedBy } from './served-by.js';
import { Sessions } from './sessions.js';

/** What can be known of a server. */
export interface ServerStats {
  /** Lines that are open. */
  readonly lines: number;
  /** Lines that have ever been accepted. */
  readonly accepted: number;
  /** Lines that were closed because of a bad frame. */
  readonly bad: number;
  /** Clients that are remembered, with or without a line. */
  readonly sessions: number;
  /** Receivers that are open. */
  readonly receivers: number;
  /** Senders that are remembered. */
  readonly senders: number;
  /** Messages that went out to the receivers that are open. */
  readonly sent: number;
}

/** What `serve` answers with. */
export interface Server {
  /** Speaks with whoever is at the other end, until the line closes. Throws `InvalidArgumentError`. */
  accept(line: Line): void;
  /** A snapshot. */
  stats(): ServerStats;
  /** Closes all lines, and forgets the sessions. The dispatcher stays open. */
  close(): void;
}

/**
 * Gives a dispatcher to others: each line that is accepted may open receivers and senders, as `authorize` allows.
 *
 *     const server = serve(dispatcher, { authorize: ({ kind, token }) => kind === 'open' || token === secret });
 *     sockets.on('connection', (socket) => server.accept(socketLine(socket)));
 *
 * One with a log serves any number of receivers of one name, each from where it is, also after a restart. One in memory has
 * one receiver of each name, from now on, and takes senders in serialize mode only.
 *
 * Throws `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what it carries is nobody's business here
export function serve(dispatcher: DispatcherView<any>, options?: ServeOptions): Server {
  return new LineServer(servedBy(dispatcher), serveSettings(options));
}

class LineServer implements Server, PeerHost {
  readonly served: Served;
  readonly settings: ServeSettings;
  readonly sessions: Sessions;
  readonly #peers = new Set<Peer>();
  #accepted = 0;
  #bad = 0;
  #closed = false;

  constructor(served: Served, settings: ServeSettings) {
    this.served = served;
    this.settings = settings;
    this.sessions = new Sessions(settings.sessions, settings.linger, settings.scheduler);
  }

  accept(line: Line): void {
    if (!isLine(line)) throw new InvalidArgumentError('accept', 'line', line, 'a line');
    if (this.#closed) return line.close('the server is closed');
    this.#accepted++;
    this.#peers.add(new Peer(this, line));
  }

  left(peer: Peer, wasBad: boolean): void {
    this.#peers.delete(peer);
    if (wasBad) this.#bad++;
  }

  stats(): ServerStats {
    const { sessions } = this;
    let receivers = 0;
    let sent = 0;
    for (const peer of this.#peers) {
      receivers += peer.channels.receivers;
      sent += peer.channels.sent;
    }
    return {
      lines: this.#peers.size,
      accepted: this.#accepted,
      bad: this.#bad,
      sessions: sessions.size,
      receivers,
      senders: sessions.senders,
      sent,
    };
  }

  close(): void {
    this.#closed = true;
    for (const peer of this.#peers) peer.close('the server is closed');
    this.sessions.close();
  }
}
