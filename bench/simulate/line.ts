import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { socketLine, type Line } from 'rxjs-clocked-dispatch/port';
import { WebSocket, WebSocketServer } from 'ws';
import type { Report } from '../log/contenders.js';
import { cpuTime } from '../scenario.js';

/** What a WebSocket with lines at both ends takes: milliseconds of a processor. */
export interface LineConstants {
  /** One message to a process, or from a process, 256 in a frame. */
  readonly feed: number;
  readonly take: number;
  /** One frame to a page: a message, or a tick. */
  readonly deliver: number;
  readonly tick: number;
}

const IN_A_FRAME = 256;
const FRAMES = 100;
const ROUNDS = 12;

export async function measureLine(): Promise<LineConstants> {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  const client = socketLine(new WebSocket(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`));
  const [socket] = (await once(sockets, 'connection')) as [WebSocket];
  const server = socketLine(socket);
  const items = Array.from({ length: IN_A_FRAME }, (_, i): Report => ({ flight: i, gate: `B${i % 40}` }));
  const positions = items.map((_, i) => i + 1);

  const many = await posting(server, client, ['items', 12, items, positions], FRAMES);
  const item = await posting(server, client, ['items', 12, [items[0]], [1_234_567]], 10 * FRAMES);
  const tick = await posting(server, client, ['items', 12, [null], [1_234_567]], 10 * FRAMES);
  client.close();
  sockets.close();
  return { feed: many.post / IN_A_FRAME, take: many.receive / IN_A_FRAME, deliver: item.post, tick: tick.post };
}

/** Milliseconds of a frame, on either side: the best of several rounds, since what disturbs only ever adds. */
async function posting(
  from: Line,
  to: Line,
  frame: unknown,
  count: number,
): Promise<{ readonly post: number; readonly receive: number }> {
  let [post, both] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    let left = count;
    const received = new Promise<void>((resolve) => {
      to.onframe = () => {
        if (--left === 0) resolve();
      };
    });
    const began = cpuTime();
    for (let i = 0; i < count; i++) from.post(frame);
    const posted = cpuTime() - began;
    await received;
    post = Math.min(post, posted / count / 1e6);
    both = Math.min(both, (cpuTime() - began) / count / 1e6);
  }
  return { post, receive: Math.max(0, both - post) };
}
