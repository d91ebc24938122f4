// Passes what it hears on, in both directions: so the end of a line that is in a worker can be tested from outside.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { portLine } from 'rxjs-clocked-dispatch/port';

const ends = [portLine(parentPort!), portLine(workerData as MessagePort)] as const;
for (const [here, there] of [ends, [ends[1], ends[0]]] as const) {
  here.onframe = (frame) => there.post(frame);
  here.onclose = (reason) => there.close(reason);
}
