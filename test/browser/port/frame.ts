// Answers each frame that comes by the port that its page sends.
import { portLine } from 'rxjs-clocked-dispatch/port';

addEventListener('message', ({ ports: [port] }) => {
  if (port === undefined) return;
  const line = portLine(port);
  line.onframe = (frame) => line.post(frame);
});
parent.postMessage('the frame is there', '*');
