// What a tab of the checks does, as `tab` of its window.
import { connect, type Connection, type Line, portLine } from 'rxjs-clocked-dispatch/port';

/** What the shared worker says of its lines. */
export interface Lines {
  readonly open: number;
  readonly ends: readonly string[];
}

const NAME = 'notes';
let worker: Worker;
let frame: HTMLIFrameElement;
let line: Line;
let ended: Promise<string>;
let lines: Lines = { open: 0, ends: [] };
let connection: Connection<string>;
let send: (text: string) => Promise<number>;
const seen: (readonly [text: string, ts: number])[] = [];
const states: string[] = [];
const acknowledged: (readonly [text: string, ts: number])[] = [];

const news = new BroadcastChannel('lines');
news.onmessage = ({ data }) => {
  if (data !== 'ask') lines = data as Lines;
};

function watch(opened: Line): void {
  line = opened;
  ended = new Promise((resolve) => {
    line.onclose = (reason) => resolve(reason instanceof Error ? reason.message : String(reason));
  });
}

const tab = {
  openWorker(script: string): void {
    worker = new Worker(script);
    watch(portLine(worker));
  },
  async openFrame(): Promise<void> {
    frame = document.createElement('iframe');
    frame.src = '/frame';
    const loaded = new Promise((resolve) => addEventListener('message', resolve, { once: true }));
    document.documentElement.append(frame);
    await loaded;
    const { port1, port2 } = new MessageChannel();
    frame.contentWindow!.postMessage('port', '*', [port2]);
    watch(portLine(port1));
  },
  echo(given: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      line.onframe = resolve;
      line.post(given);
    });
  },
  post: (given: unknown): void => line.post(given),
  terminate: (): void => worker.terminate(),
  removeFrame: (): void => frame.remove(),
  ended: (): Promise<string> => ended,
  /** Locks of lines that are held, or waited for, in this origin. */
  async locks(): Promise<{ held: number; waiting: number }> {
    const { held = [], pending = [] } = await navigator.locks.query();
    return { held: held.length, waiting: pending.length };
  },

  connect(): void {
    connection = connect<string>(() => portLine(new SharedWorker('/shared-worker.js').port), { retry: 20 });
    connection.state$.subscribe(({ state }) => states.push(state));
    connection.receiver(NAME, { from: 0 }).subscribe(([text, ts]) => {
      if (text !== null) seen.push([text, ts]);
    });
    const sender = connection.sender(NAME, NAME);
    send = (text) => sender.send(text);
  },
  async send(...texts: string[]): Promise<void> {
    await Promise.all(
      texts.map(async (text) => {
        acknowledged.push([text, await send(text)]);
      }),
    );
  },
  seen: () => seen,
  acknowledged: () => acknowledged,
  states: () => states,
  disconnect: (): void => connection.close(),
  lines(): Lines {
    news.postMessage('ask');
    return lines;
  },
};

/** What can be called from outside. */
export type Tab = typeof tab;
(window as unknown as { tab: Tab }).tab = tab;
