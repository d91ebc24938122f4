import { concat, NEVER, Observable, of } from 'rxjs';
import {
  createDispatcher,
  optimistic,
  projection,
  sequence,
  serialize,
  watermark,
  type Clocked,
  type Timestamp,
} from 'rxjs-clocked-dispatch';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, lineInMemory, serve } from 'rxjs-clocked-dispatch/port';

/** Somebody's dispatchers and streams, made anew for each call. */
export type World = Awaited<ReturnType<typeof newWorld>>;

export async function newWorld() {
  let names = 0;
  let subscribed = 0;
  let listening = 0;

  const serial = createDispatcher<string>(serialize());
  const [sender, receiver] = serial.channel('sender', 'receiver');
  const stamped = createDispatcher<string>(watermark());
  const [forwarder] = stamped.channel('sender', 'receiver');
  const numbered = createDispatcher<string>(sequence());
  const [sequenced] = numbered.channel('sender', 'receiver');
  const state = projection(serial.receiver('state'), { initial: '', apply: (_: string, value: string) => value });
  const view = optimistic(state, { apply: (_: string, value: string) => value });
  const log = memoryLog();
  const durable = await openDispatcher<string>(log);
  const stored = durable.sender('sender', 'cursor');
  const cursor = durable.receiver('cursor');
  const server = serve(durable, { silence: Infinity });
  const connection = connect<string>(
    () => {
      const [client, end] = lineInMemory();
      server.accept(end);
      return client;
    },
    { silence: Infinity },
  );
  const remote = connection.receiver('remote');
  const stream = new ReadableStream<Clocked<string>>({
    start(controller) {
      controller.enqueue(['a', 1]);
      controller.close();
    },
  });
  /** Without a clock of its own. */
  const plain = new Observable<Clocked<string>>((subscriber) => {
    subscribed++;
    subscriber.add(() => subscribed--);
    concat(of<Clocked<string>[]>(['a', 1], ['b', 2], [null, 3]), NEVER).subscribe(subscriber);
  });
  const signal = {
    aborted: false,
    addEventListener: () => {
      listening++;
    },
    removeEventListener: () => {
      listening--;
    },
  };
  const scheduler = { now: () => 0, schedule: () => ({ unsubscribe: () => undefined }) };

  return {
    ...{ serial, sender, receiver, stamped, forwarder, numbered, sequenced },
    ...{ durable, stored, cursor, server, connection, remote, state, view, log, stream, plain, signal, scheduler },
    newName: () => `new ${names++}`,
    ts: 7 as Timestamp,

    /** What a call that was refused must leave as it was (law 31). */
    traces: () => ({
      members: [serial, stamped, numbered, durable].map((dispatcher) => {
        const { receivers, sources } = dispatcher.stats();
        // A receiver of the line is opened when its frame has come.
        return [...receivers, ...sources].map(({ name }) => name).filter((name) => !name.includes('#'));
      }),
      waiting: [serial, stamped, numbered].map((dispatcher) =>
        dispatcher.stats().sources.map(({ waiting }) => waiting),
      ),
      queued: serial.stats().receivers.map(({ queued }) => queued),
      clocks: [serial, stamped, numbered].map(({ clock }) => clock),
      channels: [connection.stats().receivers.length, connection.stats().senders.length],
      accepted: server.stats().accepted,
      pending: view.pending.length,
      isLocked: stream.locked,
      last: log.last,
      subscribed,
      listening,
    }),

    close: () => {
      connection.close();
      server.close();
      void durable.close();
      for (const ends of [view, state, serial, stamped, numbered]) ends.close();
    },
  };
}
