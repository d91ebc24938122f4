import { dialPort, portLine } from 'rxjs-clocked-dispatch/port';
import { openInPage } from './in-page';
import { ASK, type Answer, type DeskHost, type States } from './states';

/** Built beside the application: see the scripts of package.json. */
const SCRIPT = 'desk-worker.js';

/** Starts what keeps the log: a worker for all tabs, one of this page where there is no `SharedWorker`, or the page itself. */
export function startHost(): DeskHost {
  if (typeof SharedWorker !== 'undefined') return sharedWorker();
  return typeof Worker === 'undefined' ? openInPage() : ownWorker();
}

function sharedWorker(): DeskHost {
  const start = (): SharedWorker => new SharedWorker(SCRIPT, { type: 'module', name: 'flight desk' });
  return {
    dial: () => portLine(start().port),
    states: () => {
      const worker = start();
      return ask(worker.port, worker).finally(() => worker.port.close());
    },
  };
}

function ownWorker(): DeskHost {
  const worker = new Worker(SCRIPT, { type: 'module' });
  return { dial: dialPort(worker), states: () => ask(worker, worker) };
}

function ask(port: MessagePort | Worker, worker: EventTarget): Promise<States> {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<Answer>) => {
      port1.close();
      if ('states' in data) resolve(data.states);
      else reject(new Error(data.problem));
    };
    worker.addEventListener('error', () => reject(new Error('the worker that keeps the log did not start')));
    port.postMessage(ASK, [port2]);
  });
}
