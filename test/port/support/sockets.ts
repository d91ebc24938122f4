import type { AddressInfo } from 'node:net';
import {
  connect,
  type Connection,
  type ConnectOptions,
  serve,
  type Server,
  socketLine,
  type SocketLineOptions,
} from 'rxjs-clocked-dispatch/port';
import { WebSocket as WsSocket, WebSocketServer } from 'ws';

/** How the sockets of a server are made. */
export interface SocketServerOptions {
  /** Of the lines that it accepts. */
  readonly line?: SocketLineOptions;
  /** Of `ws`, in bytes. */
  readonly maxPayload?: number;
}

/** A server that clients reach by WebSocket. */
export class SocketServer {
  readonly url: string;
  /** The texts that came, by each client. */
  readonly heard: string[] = [];
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #closing: (() => void)[] = [];

  static async open(dispatcher: Parameters<typeof serve>[0], options: SocketServerOptions = {}): Promise<SocketServer> {
    const { maxPayload } = options;
    const sockets = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      ...(maxPayload !== undefined && { maxPayload }),
    });
    await new Promise((resolve) => sockets.once('listening', resolve));
    return new SocketServer(dispatcher, sockets, options);
  }

  private constructor(
    dispatcher: Parameters<typeof serve>[0],
    sockets: WebSocketServer,
    { line }: SocketServerOptions,
  ) {
    this.#sockets = sockets;
    this.#server = serve(dispatcher);
    this.url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
    sockets.on('connection', (socket) => {
      socket.on('message', (data) => this.heard.push((data as Buffer).toString()));
      this.#server.accept(socketLine(socket, line));
    });
  }

  client<T>(
    options: ConnectOptions = {},
    line: SocketLineOptions = {},
    socket: { readonly maxPayload?: number } = {},
  ): Connection<T> {
    const connection = connect<T>(() => socketLine(new WsSocket(this.url, socket), line), {
      retry: 1,
      maxRetry: 5,
      ...options,
    });
    this.#closing.push(() => connection.close());
    return connection;
  }

  /** Ends all lines. */
  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  close(): void {
    for (const close of this.#closing) close();
    this.#server.close();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }
}
