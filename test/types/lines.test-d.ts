import type { MessagePort as NodePort, Worker as NodeWorker } from 'node:worker_threads';
import { type FrameTooLargeError, type Line, portLine, socketLine, transportLine } from 'rxjs-clocked-dispatch/port';
import { describe, expectTypeOf, test } from 'vitest';
import type { WebSocket as WsSocket } from 'ws';

declare const port: MessagePort;
declare const worker: Worker;
declare const shared: SharedWorker;
declare const scope: typeof self;
declare const nodePort: NodePort;
declare const nodeWorker: NodeWorker;
declare const socket: WebSocket;
declare const wsSocket: WsSocket;

describe('lines', () => {
  test('take the ports of browsers and of Node', () => {
    for (const each of [port, worker, shared.port, scope, nodePort, nodeWorker]) {
      expectTypeOf(portLine(each)).toEqualTypeOf<Line>();
    }
    // @ts-expect-error -- its port is meant
    void portLine(shared);
    // @ts-expect-error -- no port
    void portLine(socket);
  });

  test('take the sockets of browsers and of ws', () => {
    expectTypeOf(socketLine(socket)).toEqualTypeOf<Line>();
    expectTypeOf(socketLine(wsSocket, { maxFrame: 1000 })).toEqualTypeOf<Line>();
    // @ts-expect-error -- no such option
    void socketLine(socket, { max: 1 });
    // @ts-expect-error -- no socket
    void socketLine(port);
  });

  test('may say how long a frame may be, and is', () => {
    const size = (frame: unknown): number => JSON.stringify(frame).length;
    expectTypeOf(
      transportLine(() => ({ post: () => undefined, close: () => undefined, maxFrame: 1000, size })),
    ).toEqualTypeOf<Line>();
    // @ts-expect-error -- bytes are a number
    void transportLine(() => ({ post: () => undefined, close: () => undefined, size: () => '1000' }));
    expectTypeOf<FrameTooLargeError['kind']>().toEqualTypeOf<'sender' | 'receiver' | 'connection'>();
    expectTypeOf<FrameTooLargeError['most']>().toEqualTypeOf<number | undefined>();
  });
});
