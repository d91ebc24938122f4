// A dispatcher with a log, for all tabs; how many lines there are, and why they ended, is told on a channel.
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { acceptPorts, type Line, serve, transportLine } from 'rxjs-clocked-dispatch/port';

const news = new BroadcastChannel('lines');
const waiting: Line[] = [];
let accept = (line: Line): void => void waiting.push(line);
acceptPorts(self, (line) => accept(line));

let open = 0;
const ends: string[] = [];
const tell = (): void => news.postMessage({ open, ends });
news.onmessage = tell;

/** The same line, counted. */
function counted(line: Line): Line {
  open++;
  tell();
  return transportLine(({ frame, closed }) => {
    line.onframe = frame;
    line.onclose = (reason) => {
      open--;
      ends.push(reason instanceof Error ? reason.message : String(reason));
      tell();
      closed(reason);
    };
    return { post: (frame) => line.post(frame), close: (reason) => line.close(reason) };
  });
}

void openDispatcher(memoryLog()).then((dispatcher) => {
  const server = serve(dispatcher);
  accept = (line) => server.accept(counted(line));
  waiting.forEach(accept);
});
