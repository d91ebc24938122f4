import { ClockedDispatchError } from '../../errors/clocked-dispatch-error.js';
import type { Timestamp } from '../../types.js';
import { LineSilentError, ProtocolError, ProtocolVersionError, RefusedError } from '../errors.js';
import type { Line } from '../line.js';
import {
  type ClientFrame,
  finite,
  type Hello,
  type Join,
  type Open,
  type Welcome,
  VERSION,
} from '../protocol/frames.js';
import { maxFrameOf } from '../protocol/frame-limit.js';
import { Heartbeat } from '../protocol/heartbeat.js';
import { readClientFrame } from '../protocol/read-client-frame.js';
import { Asking } from './asking.js';
import { Channels } from './channels.js';
import { Inbox } from './inbox.js';
import type { ServeSettings } from './options.js';
import { Outlet, tooMuchCredit } from './outlet.js';
import { Post } from './post.js';
import { routeOf, type Served } from './served.js';
import type { Session, Sessions, Speaker } from './sessions.js';

/** What lines need of their server. */
export interface PeerHost {
  readonly served: Served;
  readonly settings: ServeSettings;
  readonly sessions: Sessions;
  left(peer: Peer, wasBad: boolean): void;
}

/** The server's side of one line. */
export class Peer implements Speaker {
  readonly #host: PeerHost;
  readonly #line: Line;
  readonly #post: Post;
  readonly #heartbeat: Heartbeat;
  readonly #asking: Asking;
  readonly channels: Channels;
  #session: Session | undefined;
  #token: unknown;
  #closed = false;

  constructor(host: PeerHost, line: Line) {
    this.#host = host;
    this.#line = line;
    this.#post = new Post(line);
    this.#asking = new Asking(host.settings.authorize);
    this.channels = new Channels(host.settings.channels);
    const { scheduler, silence } = host.settings;
    this.#heartbeat = new Heartbeat(scheduler, silence, {
      ping: () => this.#post.frame(['ping']),
      silent: () => this.close(new LineSilentError(silence)),
    });
    line.onframe = (frame) => this.#take(frame);
    line.onclose = (reason) => {
      this.#post.limit.closed(reason);
      this.#leave(false);
    };
  }

  replaced(): void {
    this.close('a newer line speaks for this session');
  }

  close(reason: unknown): void {
    if (this.#closed) return;
    if (reason instanceof ClockedDispatchError) this.#post.end(0, reason);
    this.#leave(reason instanceof ProtocolError);
    this.#line.close(reason);
  }

  #leave(wasBad: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#heartbeat.stop();
    this.channels.leave(this.#post);
    this.#post.heard();
    if (this.#session !== undefined) this.#host.sessions.left(this.#session, this);
    this.#host.left(this, wasBad);
  }

  #take(frame: unknown): void {
    if (this.#closed) return;
    this.#heartbeat.heard();
    try {
      this.#do(readClientFrame(frame));
    } catch (error) {
      // What is not a frame at all may throw anything where it is looked at.
      this.close(
        error instanceof ClockedDispatchError ? error : new ProtocolError('it cannot be read', { cause: error }),
      );
    }
  }

  #do(frame: ClientFrame): void {
    if (frame[0] === 'ping') return this.#post.frame(['pong']);
    if (frame[0] === 'pong') return this.#post.heard();
    if (frame[0] === 'hello') return this.#hello(frame[1]);
    const session = this.#session;
    if (session === undefined) throw new ProtocolError(`'${frame[0]}' before 'hello'`);
    switch (frame[0]) {
      case 'open':
        return this.#open(frame[1], frame[2]);
      case 'join':
        return this.#join(session, frame[1], frame[2]);
      case 'credit':
        return this.#grant(frame[1], frame[2]);
      case 'send': {
        const channel = this.channels.find(frame[1]);
        if (channel?.kind !== 'sender') throw new ProtocolError(`${frame[1]} is no sender`);
        const repeated = channel.inbox.mayRepeat(frame[2]);
        // Others may have written since it has joined.
        if (repeated !== undefined && !this.#knows(repeated, this.#host.served.behind)) {
          return this.#forget(session, channel.key);
        }
        return channel.inbox.take(frame[2], frame[3], frame[4]);
      }
      case 'close':
        return this.#closeOne(session, frame[1]);
    }
  }

  #hello({ version, session, token, maxFrame }: Hello): void {
    if (this.#session !== undefined) throw new ProtocolError("'hello' twice");
    if (version !== VERSION) throw new ProtocolVersionError(VERSION, version);
    const { served, settings, sessions } = this.#host;
    this.#token = token;
    this.#session = sessions.speak(session, this);
    this.#post.limit = this.#session.limit;
    this.#post.limit.begin(this.#line, maxFrame);
    const welcome: Welcome = {
      version: VERSION,
      id: served.id,
      log: served.isLog,
      clock: finite(served.clock),
      window: settings.window,
      ...maxFrameOf(this.#line),
    };
    this.#post.frame(['welcome', welcome]);
  }

  #open(id: number, open: Open): void {
    const { name, reads } = open;
    const request = { kind: 'open', name, addressedTo: routeOf(reads), token: this.#token } as const;
    this.#ask(id, 'receiver', request, (credit) => {
      const { served, settings } = this.#host;
      const { window } = settings;
      if (open.credit + credit > window) throw tooMuchCredit(open.credit + credit, window);
      const receiver = served.receiver(open, `${name}#${served.next()}`);
      this.#post.frame([
        'joined',
        id,
        { from: finite(receiver.clock), unique: receiver.unique, strict: receiver.strict },
      ]);
      const outlet = new Outlet(id, receiver, { credit: open.credit + credit, window }, this.#post, () =>
        this.channels.delete(id),
      );
      this.channels.set(id, { kind: 'receiver', outlet });
    });
  }

  #join(session: Session, id: number, join: Join): void {
    const { name, to, key } = join;
    const request = { kind: 'join', name, to: routeOf(to), token: this.#token } as const;
    const allowed = (): void => {
      const before = session.inboxes.get(key);
      // Whom it was allowed to write to may have changed meanwhile.
      if (before?.isFor(join) === false)
        throw new ProtocolError('a sender has joined again by another name, or to others');
      const inbox = before ?? this.#newInbox(session, join);
      if (before === undefined) inbox.begin(join, this.#isWithinMemory(join));
      inbox.join(join, { id, post: this.#post });
      this.channels.set(id, { kind: 'sender', inbox, key });
    };
    // One that was allowed by an earlier line does not come again by this key.
    this.#ask(id, 'sender', request, allowed, () => this.#drop(session, key));
  }

  #newInbox(session: Session, join: Join): Inbox {
    const { name, to, key } = join;
    const { served, settings } = this.#host;
    if (session.inboxes.size >= settings.channels)
      throw new ProtocolError(`more than ${settings.channels} senders (channels)`);
    const inbox = new Inbox(join, served.sender(`${name}#${served.next()}`, to), settings.window);
    session.inboxes.set(key, inbox);
    return inbox;
  }

  /** Of a sender that is not remembered: whether what it sends again would be known by its id (law 62). */
  #isWithinMemory(join: Join): boolean {
    const { served } = this.#host;
    return join.sent < join.next || (served.isLog && this.#knows(join, served.clock));
  }

  /** Whether a log that is at `clock` remembers the ids of everything after `since`. */
  #knows({ since }: Pick<Join, 'since'>, clock: Timestamp): boolean {
    return since !== null && clock - since <= this.#host.settings.dedupe;
  }

  /** Of a sender whose messages would be known no more when they come: it joins again, and is told so. */
  #forget(session: Session, key: string): void {
    this.#drop(session, key);
    this.close('what a sender sends again is remembered no more');
  }

  #drop(session: Session, key: string): void {
    session.inboxes.get(key)?.complete();
    session.inboxes.delete(key);
  }

  /** Nothing is done before the answer; what the client says of it meanwhile counts. */
  #ask(
    id: number,
    kind: 'receiver' | 'sender',
    request: Parameters<Asking['ask']>[0],
    allowed: (credit: number) => void,
    ended?: () => void,
  ): void {
    const asked = this.channels.ask(id);
    this.#asking.ask(request, (isAllowed) => {
      if (this.#closed) return;
      if (asked.isLeft) return this.channels.delete(id);
      try {
        if (!isAllowed) throw new RefusedError(kind, request.name, 'it is not allowed (authorize)');
        allowed(asked.credit);
      } catch (error) {
        this.channels.delete(id);
        if (error instanceof ProtocolError) return this.close(error);
        ended?.();
        this.#post.end(id, error);
      }
    });
  }

  #grant(id: number, credit: number): void {
    const channel = this.channels.find(id);
    if (channel?.kind === 'sender') throw new ProtocolError(`${id} is no receiver`);
    if (channel?.kind === 'asked') channel.credit += credit;
    else channel?.outlet.grant(credit);
  }

  #closeOne(session: Session, id: number): void {
    const channel = this.channels.find(id);
    // What is asked of `authorize` takes its place until it is answered, or there could be any number of questions.
    if (channel?.kind === 'asked') return void (channel.isLeft = true);
    this.channels.delete(id);
    if (channel?.kind === 'receiver') channel.outlet.close();
    if (channel?.kind !== 'sender') return;
    channel.inbox.leave({ post: this.#post });
    this.#drop(session, channel.key);
    this.#post.end(id, null);
  }
}
