import { elapsedOn } from '../../dispatch/timing/elapsed.js';
import { startTimer } from '../../dispatch/timing/timer.js';
import { ClockedDispatchError } from '../../errors/clocked-dispatch-error.js';
import { InvalidArgumentError } from '../../errors/inputs.js';
import { FrameTooLargeError, LineSilentError, ProtocolError, ProtocolVersionError } from '../errors.js';
import { isThenable } from '../../options/guards.js';
import { isLine, type Line } from '../line.js';
import { type ClientFrame, type ServerFrame, type Welcome, VERSION } from '../protocol/frames.js';
import { type Excess, FrameLimit, maxFrameOf } from '../protocol/frame-limit.js';
import { Heartbeat } from '../protocol/heartbeat.js';
import { problemOf } from '../protocol/read-client-frame.js';
import { readServerFrame } from '../protocol/read-server-frame.js';
import { Backoff } from './backoff.js';
import type { ConnectSettings } from './options.js';
import { errorOf } from './error-of.js';
import { States } from './states.js';

/** What is told of lines. */
export interface LinkHost {
  /** A line is open: everything is asked for anew. */
  opened(welcome: Welcome): void;
  frame(frame: ServerFrame): void;
  /** The line is gone. */
  lost(): void;
  /** No line will come any more. */
  ended(reason: unknown): void;
}

/** Keeps a line open: dials, says hello, notices silence, and dials again. */
export class Link {
  readonly states: States = new States();
  /** How many lines were opened. */
  opened = 0;
  readonly #dial: () => Line | PromiseLike<Line>;
  readonly #settings: ConnectSettings;
  readonly #host: LinkHost;
  readonly #backoff: Backoff;
  #line: Line | undefined;
  #heartbeat: Heartbeat | undefined;
  #timer: { unsubscribe(): void } | undefined;
  readonly #limit: FrameLimit = new FrameLimit();
  readonly #elapsed: () => number;
  #openedAt = 0;
  #pause = 0;
  #welcomed: Welcome | undefined;
  #stopDialling: () => void = () => undefined;
  /** What the server has said of the end of the line. */
  #said: unknown;

  constructor(dial: () => Line | PromiseLike<Line>, settings: ConnectSettings, host: LinkHost) {
    this.#dial = dial;
    this.#settings = settings;
    this.#host = host;
    this.#backoff = new Backoff(settings.retry, settings.maxRetry);
    this.#elapsed = elapsedOn(settings.scheduler);
  }

  get isOpen(): boolean {
    return this.states.now.state === 'open';
  }

  get isClosed(): boolean {
    return this.states.now.state === 'closed';
  }

  post(frame: ClientFrame): void {
    if (this.isOpen) this.#line?.post(frame);
  }

  /** Nothing for a frame that the other side takes. */
  excess(frame: ClientFrame): Excess | undefined {
    return this.#limit.excess(frame);
  }

  /** Why a frame that asks for something can't be sent: the other side would close each line over it. */
  refusal(kind: FrameTooLargeError['kind'], owner: string, frame: ClientFrame): ClockedDispatchError | undefined {
    const excess = this.#limit.excess(frame);
    return excess === undefined ? problemOf(frame) : new FrameTooLargeError(kind, owner, excess);
  }

  /** Throws for a value that the line can't carry. */
  check(value: unknown): void {
    this.#line?.check?.(value);
  }

  dial(): void {
    this.#timer = undefined;
    const { scheduler, silence } = this.#settings;
    let isOver = false;
    const give = (line: unknown): void => {
      try {
        if (!isLine(line)) throw new InvalidArgumentError('connect', 'dial', line, 'what answers with a line');
        if (isOver) line.close('too late');
        else this.#begin(line);
      } catch (error) {
        // A `token` that throws, for instance: nobody else would close the line.
        if (!isOver) this.#give(error);
      }
    };
    const fail = (error: unknown): void => {
      if (isOver) return;
      isOver = true;
      this.#lost(error);
    };
    // A dial that never answers is given up, too.
    this.#heartbeat = new Heartbeat(scheduler, silence, {
      ping: () => this.#line?.post(['ping'] satisfies ClientFrame),
      silent: () => {
        isOver = true;
        this.#give(new LineSilentError(silence));
      },
    });
    this.#stopDialling = () => (isOver = true);
    try {
      const dialled = this.#dial();
      if (isThenable(dialled)) dialled.then(give, fail);
      else give(dialled);
    } catch (error) {
      fail(error);
    }
  }

  close(reason?: unknown): void {
    if (this.isClosed) return;
    const line = this.#line;
    this.#letGo();
    this.states.move(reason === undefined ? { state: 'closed' } : { state: 'closed', reason });
    line?.close(reason);
    this.#host.ended(reason);
  }

  #begin(line: Line): void {
    this.#line = line;
    // It has all the time that may pass in silence, however long it was dialled.
    this.#heartbeat?.heard();
    this.#said = undefined;
    line.onframe = (frame) => {
      if (this.#line === line) this.#take(frame);
    };
    line.onclose = (reason) => {
      if (this.#line !== line) return;
      const bytes = this.#limit.closed(reason);
      // Each line would begin as this one did.
      if (bytes !== undefined && !this.isOpen) {
        this.close(new FrameTooLargeError('connection', '', { bytes, most: undefined }));
      } else this.#lost(this.#said ?? reason);
    };
    const { token, session } = this.#settings;
    const shown = typeof token === 'function' ? (token as () => unknown)() : token;
    const hello: ClientFrame = [
      'hello',
      { version: VERSION, session, ...(shown !== undefined && { token: shown }), ...maxFrameOf(line) },
    ];
    this.#limit.begin(line, undefined);
    const refusal = this.refusal('connection', '', hello);
    if (refusal === undefined) line.post(hello);
    else this.close(refusal);
  }

  #take(frame: unknown): void {
    this.#heartbeat?.heard();
    try {
      this.#do(readServerFrame(frame));
    } catch (error) {
      this.#give(
        error instanceof ClockedDispatchError ? error : new ProtocolError('it cannot be read', { cause: error }),
      );
    }
  }

  #do(frame: ServerFrame): void {
    switch (frame[0]) {
      case 'ping':
        return this.#line?.post(['pong'] satisfies ClientFrame);
      case 'pong':
        return;
      case 'welcome':
        return this.#welcome(frame[1]);
      case 'end':
        if (frame[1] !== 0) break;
        this.#said = frame[2] === null ? undefined : errorOf(frame[2]);
        // Trying again would not change that.
        if (frame[2]?.code === 'RCD121') this.close(this.#said);
        return;
      default:
    }
    if (!this.isOpen) throw new ProtocolError(`'${frame[0]}' before 'welcome'`);
    this.#host.frame(frame);
  }

  #welcome(welcome: Welcome): void {
    if (welcome.version !== VERSION) return this.close(new ProtocolVersionError(VERSION, welcome.version));
    if (this.isOpen) throw new ProtocolError("'welcome' twice");
    this.opened++;
    this.#openedAt = this.#elapsed();
    this.#welcomed = welcome;
    this.#limit.say(welcome.maxFrame);
    this.states.move({ state: 'open' });
    // Somebody who was told may have closed it.
    if (this.#welcomed === welcome) this.#host.opened(welcome);
  }

  /** Gives the line up. */
  #give(reason: unknown): void {
    const line = this.#line;
    this.#lost(reason);
    line?.close(reason);
  }

  /** The line is gone, or none came. */
  #lost(reason: unknown): void {
    if (this.isClosed) return;
    const wasOpen = this.isOpen;
    // One that breaks at once, again and again, does not work.
    if (wasOpen && this.#elapsed() - this.#openedAt >= this.#pause) this.#backoff.reset();
    this.#letGo();
    const delay = (this.#pause = this.#backoff.next());
    this.#timer = startTimer(this.#settings.scheduler, delay, () => {
      this.states.move({ state: 'connecting' });
      if (!this.isClosed) this.dial();
    });
    if (wasOpen) this.#host.lost();
    this.states.move({ state: 'waiting', delay, ...(reason !== undefined && { reason }) });
  }

  #letGo(): void {
    this.#stopDialling();
    this.#heartbeat?.stop();
    this.#timer?.unsubscribe();
    this.#timer = undefined;
    this.#line = undefined;
    this.#welcomed = undefined;
  }
}
