// A dispatcher with a log on disk, served over WebSockets, until it is killed. `node server.mjs FOLDER PORT`
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { openDispatcher } from 'rxjs-clocked-dispatch/log';
import { serve, socketLine } from 'rxjs-clocked-dispatch/port';
import { WebSocketServer } from 'ws';

const [folder = '', port = ''] = process.argv.slice(2);
const server = serve(await openDispatcher(await openLevelLog(folder)));
new WebSocketServer({ host: '127.0.0.1', port: Number(port) })
  .on('connection', (socket) => server.accept(socketLine(socket)))
  .on('listening', () => console.log('up'));
