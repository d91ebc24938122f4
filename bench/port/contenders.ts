import { once } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Clocked } from 'rxjs-clocked-dispatch';
import { connect, portLine, socketLine } from 'rxjs-clocked-dispatch/port';
import { WebSocket } from 'ws';
import { BATCH, order, type Order, type Part, STORED } from './order.js';

/** One that is running, and has warmed up by what it was asked before. */
export interface Contender {
  /** Carries messages, at least so many, and answers how many they were. */
  run(count: number): Promise<number>;
  close(): Promise<unknown>;
}

/** Calls under way at once, each of which sends the next when its answer is there. */
const UNDER_WAY = BATCH;

export async function barePort(): Promise<Contender> {
  const { worker, control, close } = await start('bare port');
  return {
    run: (count) =>
      new Promise((resolve) => {
        let got = 0;
        worker.removeAllListeners('message');
        worker.on('message', () => {
          if (++got === count) resolve(count);
        });
        control.postMessage(count);
      }),
    close,
  };
}

export async function subscribedPort(): Promise<Contender> {
  const { worker, control, close } = await start('port');
  const connection = connect<Order>(() => portLine(worker));
  let told: (item: Clocked<Order>) => void = () => {};
  connection.receiver('board').subscribe((item) => told(item));
  await opened(connection.state$);
  return {
    run: (count) =>
      new Promise((resolve) => {
        let got = 0;
        told = ([value]) => {
          if (value !== null && ++got === count) resolve(count);
        };
        control.postMessage(count);
      }),
    close: () => (connection.close(), close()),
  };
}

export async function bareTrips(): Promise<Contender> {
  const { worker, close } = await start('bare trips');
  return {
    run: async (count) => {
      let sent = 0;
      while (sent < count) {
        worker.postMessage(Array.from({ length: BATCH }, (_, i) => order(i)));
        const [positions] = (await once(worker, 'message')) as [readonly number[]];
        sent += positions.length;
      }
      return sent;
    },
    close,
  };
}

export async function remoteSender(): Promise<Contender> {
  const { worker, close } = await start('port');
  const connection = connect<Order>(() => portLine(worker));
  const sender = connection.sender('remote', 'sink');
  return {
    run: async (count) => {
      let sent = 0;
      const lane = async (): Promise<void> => {
        while (sent < count) await sender.send(order(sent++));
      };
      await Promise.all(Array.from({ length: UNDER_WAY }, lane));
      return sent;
    },
    close: () => (connection.close(), close()),
  };
}

export async function bareSocket(): Promise<Contender> {
  const { url, close } = await start('sockets');
  const socket = new WebSocket(`${url}/bare`);
  await once(socket, 'open');
  return {
    run: async (count) => {
      let all = 0;
      for (; all < count; all += STORED) {
        await new Promise<void>((resolve) => {
          let got = 0;
          socket.removeAllListeners('message');
          socket.on('message', (data: Buffer) => {
            got += (JSON.parse(data.toString()) as readonly unknown[]).length;
            if (got === STORED) resolve();
          });
          socket.send('again');
        });
      }
      return all;
    },
    close: () => (socket.close(), close()),
  };
}

export async function subscribedSocket(part: Part = 'sockets'): Promise<Contender> {
  const { url, close } = await start(part);
  const connection = connect<Order>(() => socketLine(new WebSocket(url)));
  let runs = 0;
  return {
    run: async (count) => {
      let all = 0;
      for (; all < count; all += STORED) {
        const receiver = connection.receiver(`run ${++runs}`, { from: 0, addressedTo: 'board' });
        await new Promise<void>((resolve) => {
          let got = 0;
          receiver.subscribe(([value]) => {
            if (value !== null && ++got === STORED) resolve();
          });
        });
        receiver.close();
      }
      return all;
    },
    close: () => (connection.close(), close()),
  };
}

interface Started {
  readonly worker: Worker;
  readonly control: MessagePort;
  readonly url: string;
  readonly close: () => Promise<unknown>;
}

/** The script of the workers, compiled by whoever runs this. */
export const SCRIPT: string = new URL(`../../node_modules/.cache/bench-port-${process.pid}.mjs`, import.meta.url)
  .pathname;

async function start(part: Part): Promise<Started> {
  const { port1: control, port2 } = new MessageChannel();
  const worker = new Worker(SCRIPT, { workerData: { part, control: port2 }, transferList: [port2] });
  const [said] = (await once(control, 'message')) as [unknown];
  return { worker, control, url: `ws://127.0.0.1:${String(said)}`, close: () => worker.terminate() };
}

function opened(state$: ReturnType<typeof connect>['state$']): Promise<void> {
  return new Promise((resolve) => {
    state$.subscribe(({ state }) => {
      if (state === 'open') resolve();
    });
  });
}
