// Writes what both sides of a line of this release say: npx tsx test/compat/port-record.ts > test/compat/port-version-1.json
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, type Line, lineInMemory, serve } from 'rxjs-clocked-dispatch/port';

const said: { readonly by: 'client' | 'server'; readonly frame: unknown }[] = [];

/** What is said by a side is written down. */
function recorded(by: 'client' | 'server', line: Line): Line {
  const post = line.post.bind(line);
  line.post = (frame) => {
    said.push({ by, frame: JSON.parse(JSON.stringify(frame)) });
    post(frame);
  };
  return line;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const dispatcher = await openDispatcher<unknown>(memoryLog());
const server = serve(dispatcher, { authorize: ({ name }) => name !== 'spy' });
const connection = connect<unknown>(
  () => {
    const [client, end] = lineInMemory();
    server.accept(recorded('server', end));
    return recorded('client', client);
  },
  { session: 'recorded', token: { user: 'ada' }, window: 4 },
);
const receiver = connection.receiver('ui', { from: 0 });
receiver.subscribe();
connection.receiver('spy').subscribe({ error: () => undefined });
connection.receiver('all', { from: 0, addressedTo: ['ui', 'log'] }).subscribe();
const sender = connection.sender('web', ['ui', 'log']);
await pause();
await sender.send('a');
await Promise.all([sender.send({ b: [1, null] }, { id: 'own', meta: { v: 1 } }), sender.send('c')]);
await sender.send({ refused: new Date(0) }).catch(() => undefined);
await connection.sender('other', 'nobody').send('tick');
await pause();
sender.complete();
await pause();
receiver.close();
await pause();
connection.close();
// A line that asks for a sign of life, follows a receiver to its end, and then says nonsense.
const [client, end] = lineInMemory();
server.accept(recorded('server', end));
const raw = recorded('client', client);
raw.onframe = () => undefined;
raw.post(['hello', { version: 1, session: 'raw' }]);
raw.post(['ping']);
raw.post(['pong']);
raw.post(['open', 1, { name: 'ui', reads: '*', from: null, of: null, credit: 1, orNow: true }]);
await pause();
await dispatcher.close();
await pause();
raw.post(['credit', 9, 1]);
await pause();
server.close();
// A server that asks for a sign of life.
const [silent, other] = lineInMemory();
const asking = serve(await openDispatcher<unknown>(memoryLog()), { silence: 100 });
asking.accept(recorded('server', other));
const listening = recorded('client', silent);
listening.onframe = () => undefined;
listening.post(['hello', { version: 1, session: 'listens' }]);
await new Promise((resolve) => setTimeout(resolve, 300));
asking.close();
console.log(`[\n${said.map((frame) => `  ${JSON.stringify(frame)}`).join(',\n')}\n]`);
