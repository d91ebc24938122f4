import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { endChild, startChild } from './child.js';
import { startNatsServer } from './nats-server.js';
import { DESKS } from './stock.js';

/** A fleet that runs. */
export interface Fleet {
  /** Where its page is. */
  readonly url: string;
  /** All its processes, the server of the stream first. */
  readonly pids: readonly number[];
  /** Ends all of it. */
  readonly stop: () => Promise<void>;
}

/** Starts the server of the stream, a gateway, and a writer for each desk. Port 0: any that is free. */
export async function startFleet(port: number = 0): Promise<Fleet> {
  const server = await startNatsServer();
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(endChild));
    await server.stop();
  };
  try {
    const gateway = startChild('gateway.ts', server.address, `${port}`);
    children.push(gateway);
    const { port: own } = await ready(gateway);
    for (const desk of DESKS) children.push(startChild('writer.ts', server.address, desk));
    const url = `http://127.0.0.1:${own}/`;
    return { url, pids: [server.pid, ...children.map(({ pid }) => pid!)], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the gateway says when it can be used. */
async function ready(gateway: ChildProcess): Promise<{ readonly port: number }> {
  const said = new AbortController();
  const exit = once(gateway, 'exit', { signal: said.signal }).then(([code]) => {
    throw new Error(`the gateway has ended with ${code}`);
  });
  const [message] = (await Promise.race([once(gateway, 'message'), exit])) as [{ readonly port: number }];
  exit.catch(() => undefined);
  said.abort();
  return message;
}
