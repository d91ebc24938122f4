import { lineInMemory } from 'rxjs-clocked-dispatch/port';
import type { DeskHost } from './states';

/** Where there are no workers, the page keeps the log itself; this part of it is loaded only then. */
export function openInPage(): DeskHost {
  const opened = import('../../worker/desk-log').then(({ openDeskLog }) => openDeskLog());
  return {
    dial: () => {
      const [client, server] = lineInMemory();
      opened.then(
        ({ accept }) => accept(server),
        (error: unknown) => server.close(error),
      );
      return client;
    },
    states: async () => (await opened).states(),
  };
}
