import type { Observable } from 'rxjs';
import { createDispatcher } from '../../dispatch/dispatcher.js';
import type { SerializingDispatcher } from '../../dispatch/api/dispatchers.js';
import type { Engine } from '../../dispatch/engine.js';
import { orderedElsewhere, type PlaceHost } from '../../dispatch/modes/ordered-elsewhere.js';
import type { Route } from '../../dispatch/route.js';
import { InvalidArgumentError } from '../../errors/inputs.js';
import { ClosedError } from '../../errors/life.js';
import { DuplicateNameError } from '../../errors/names.js';
import { addresseesOf } from '../../log/dispatcher/addressees.js';
import type { DurableSender } from '../../log/dispatcher/durable-dispatcher.js';
import * as check from '../../options/check.js';
import type { Timestamp } from '../../types.js';
import type { Line } from '../line.js';
import { ProtocolError } from '../errors.js';
import { type ServerFrame, timeOf, type Welcome } from '../protocol/frames.js';
import type { Connection, ConnectionStats, RemoteReceiver, RemoteReceiverOptions } from './connection.js';
import { errorOf } from './error-of.js';
import { Link, type LinkHost } from './link.js';
import { connectSettings, type ConnectOptions, type ConnectSettings } from './options.js';
import { readReceiverOptions } from './receiver-options.js';
import { RemoteCursor } from './remote-cursor.js';
import { RemoteSender, type SenderHost } from './remote-sender.js';
import type { ConnectionState } from './states.js';

/**
 * Receivers and senders of a dispatcher that lives elsewhere, and is served there by `serve`.
 *
 *     const connection = connect<Order>(() => socketLine(new WebSocket('wss://example.org')));
 *     const orders = connection.receiver('orders', { from: 0 });
 *     await connection.sender('desk', 'orders').send({ id: 1 });
 *
 * `dial` is called for each line: at once, and again when one has broken. The pause before grows from `retry` to
 * `maxRetry`, and up to half of it is left out at random.
 *
 * Throws `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`.
 */
export function connect<T>(dial: () => Line | PromiseLike<Line>, options?: ConnectOptions): Connection<T> {
  if (typeof dial !== 'function')
    throw new InvalidArgumentError('connect', 'dial', dial, 'a function that makes a line');
  const connection = new LineConnection<T>(dial, connectSettings(options));
  connection.link.dial();
  return connection;
}

class LineConnection<T> implements Connection<T>, LinkHost, SenderHost, PlaceHost<T> {
  readonly link: Link;
  readonly maxWaiting: number;
  window: number;
  clock: Timestamp = -Infinity;
  readonly frontier = null;
  opening: RemoteCursor<T> | undefined;
  readonly #settings: ConnectSettings;
  readonly #dispatcher: SerializingDispatcher<object>;
  #engine!: Engine<T>;
  #welcome: Welcome | undefined;
  /** Whose timestamps were heard last. */
  #id: string | undefined;
  #numbers = 0;
  /** By number, in the order in which they were made. */
  readonly #channels = new Map<number, RemoteCursor<T> | RemoteSender<T>>();
  readonly #receivers = new Map<string, RemoteCursor<T>>();
  readonly #senders = new Map<string, RemoteSender<T>>();
  /** Receivers that wait until what is sent again has its answers: those come before the items that they answer. */
  #held: RemoteCursor<T>[] = [];

  constructor(dial: () => Line | PromiseLike<Line>, settings: ConnectSettings) {
    this.#settings = settings;
    this.maxWaiting = settings.maxWaiting;
    this.window = settings.window;
    this.link = new Link(dial, settings, this);
    this.#dispatcher = createDispatcher<object>(orderedElsewhere(this));
  }

  get state$(): Observable<ConnectionState> {
    return this.link.states.state$;
  }

  receiver<const N extends string>(name: N, options?: RemoteReceiverOptions): RemoteReceiver<T, N> {
    const read = readReceiverOptions(name, options, this.#settings.window);
    if (this.link.isClosed) throw new ClosedError('connection', name);
    const remote = new RemoteCursor<T>(this.#numbers + 1, this.#engine, this.link, read);
    this.opening = remote;
    let receiver: RemoteReceiver<T, N>;
    try {
      receiver = this.#dispatcher.receiver(name, { bound: read.bound }) as unknown as RemoteReceiver<T, N>;
    } finally {
      this.opening = undefined;
    }
    this.#channels.set(++this.#numbers, remote);
    this.#receivers.set(name, remote);
    void Object.defineProperty(receiver, 'position', { get: () => remote.position(receiver.settled) });
    if (this.#welcome !== undefined) this.#open(remote, this.#welcome);
    return receiver;
  }

  sender(name: string, to: Route): DurableSender<T> {
    check.name('sender', name);
    const route = addresseesOf(name, to, undefined);
    if (this.link.isClosed) throw new ClosedError('connection', name);
    if (this.#senders.has(name)) throw new DuplicateNameError('sender', name);
    const sender = new RemoteSender<T>(this, ++this.#numbers, name, route);
    this.#channels.set(sender.id, sender);
    this.#senders.set(name, sender);
    if (this.#welcome !== undefined) sender.open();
    return sender;
  }

  stats(): ConnectionStats {
    return {
      state: this.link.states.now.state,
      lines: this.link.opened,
      clock: this.clock,
      receivers: this.#dispatcher.stats().receivers,
      senders: Array.from(this.#senders.values(), ({ name, waiting, underWay }) => ({ name, waiting, underWay })),
    };
  }

  close(): void {
    this.link.close();
  }

  // -- as the host of its lines

  opened(welcome: Welcome): void {
    this.#welcome = welcome;
    this.window = Math.min(this.#settings.window, welcome.window);
    if (welcome.id !== this.#id) {
      // Another numbering begins anew, and knows nothing of what the one before may have accepted.
      this.clock = -Infinity;
      for (const sender of this.#senders.values()) sender.forget('another dispatcher is served now');
    }
    this.#id = welcome.id;
    this.#heard(timeOf(welcome.clock));
    const senders = [...this.#senders.values()];
    const repeating = senders.filter(({ underWay }) => underWay > 0);
    for (const sender of repeating) sender.open();
    for (const channel of [...this.#channels.values()]) {
      if (this.#welcome !== welcome) return;
      if (channel instanceof RemoteCursor) this.#open(channel, welcome);
      else if (!repeating.includes(channel)) channel.open();
    }
  }

  lost(): void {
    this.#welcome = undefined;
    this.#held = [];
    for (const channel of this.#channels.values()) channel.lost();
  }

  ended(reason: unknown): void {
    this.#welcome = undefined;
    this.#held = [];
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    this.#senders.clear();
    for (const channel of channels) {
      if (channel instanceof RemoteSender) channel.close();
      else if (reason !== undefined) channel.fail(reason);
    }
    this.#dispatcher.close();
  }

  frame(frame: ServerFrame): void {
    const channel = this.#channels.get(frame[1] as number);
    // It has left, and the other side does not know yet.
    if (channel === undefined) return;
    if (channel instanceof RemoteCursor) this.#receiverFrame(channel, frame);
    else this.#senderFrame(channel, frame);
  }

  #receiverFrame(receiver: RemoteCursor<T>, frame: ServerFrame): void {
    switch (frame[0]) {
      case 'items':
        this.#heard(frame[4]);
        return receiver.take(frame[2], frame[3], frame[4], frame[5]);
      case 'joined':
        if (!('from' in frame[2]) || this.#welcome === undefined) break;
        return receiver.opened(frame[2], this.#welcome.id);
      case 'end':
        if (frame[2] === null) return receiver.complete();
        return receiver.fail(errorOf(frame[2], { kind: 'receiver', name: receiver.name, at: receiver.settled }));
      default:
    }
    throw new ProtocolError(`'${frame[0]}' for receiver '${receiver.name}'`);
  }

  #senderFrame(sender: RemoteSender<T>, frame: ServerFrame): void {
    switch (frame[0]) {
      case 'acks':
        return sender.acks(frame[2], frame[3]);
      case 'refused':
        return sender.refused(frame[2], frame[3]);
      case 'joined':
        if (!('last' in frame[2])) break;
        return sender.joined(frame[2]);
      case 'end':
        return sender.end(
          frame[2] === null
            ? new ClosedError('sender', sender.name)
            : errorOf(frame[2], { kind: 'sender', name: sender.name, at: this.clock }),
        );
      default:
    }
    throw new ProtocolError(`'${frame[0]}' for sender '${sender.name}'`);
  }

  // -- as the host of senders

  accepted(ts: Timestamp): void {
    this.#heard(ts);
  }

  left(sender: RemoteSender<never>): void {
    this.#channels.delete(sender.id);
    this.freed(sender);
  }

  freed(sender: RemoteSender<never>): void {
    if (this.#senders.get(sender.name)?.id === sender.id) this.#senders.delete(sender.name);
  }

  settled(): void {
    if (this.#held.length === 0 || this.#isRepeating || this.#welcome === undefined) return;
    const held = this.#held;
    this.#held = [];
    for (const receiver of held) receiver.open(this.#welcome);
  }

  // -- as the host of the mode

  start(engine: Engine<T>): void {
    this.#engine = engine;
  }

  /** A receiver has ended. */
  endedReceiver(name: string): void {
    const receiver = this.#receivers.get(name);
    if (receiver === undefined) return;
    this.#receivers.delete(name);
    this.#channels.delete(receiver.id);
    receiver.ended();
  }

  #open(receiver: RemoteCursor<T>, welcome: Welcome): void {
    if (welcome.log && this.#isRepeating) this.#held.push(receiver);
    else receiver.open(welcome);
  }

  get #isRepeating(): boolean {
    for (const sender of this.#senders.values()) if (sender.isRepeating) return true;
    return false;
  }

  #heard(clock: Timestamp): void {
    this.clock = Math.max(this.clock, clock);
  }
}
