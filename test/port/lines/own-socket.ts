// Sends by the WebSocket that Node has itself, and prints what became of it: `node --experimental-websocket … URL` before Node 22.
import { connect, socketLine } from 'rxjs-clocked-dispatch/port';

const [url = ''] = process.argv.slice(2);
// Not that of `ws`: this program imports none.
const connection = connect<string>(() => socketLine(new WebSocket(url)));
const seen: unknown[] = [];
const read = new Promise<void>((resolve) => {
  connection.receiver('board', { from: 0 }).subscribe(([value, ts]) => {
    if (value !== null) seen.push([value, ts]);
    if (seen.length === 3) resolve();
  });
});
const sender = connection.sender('till', 'board');
const sent = await Promise.all(['a', 'b', 'é'].map((value) => sender.send(value)));
await read;
connection.close();

// What breaks is told, with a reason.
const line = socketLine(new WebSocket(url), { maxFrame: 1 });
const end = new Promise<unknown>((resolve) => (line.onclose = resolve));
line.post(['hello', { version: 1, session: 'long' }]);
console.log(JSON.stringify({ sent, seen, end: await end }));
