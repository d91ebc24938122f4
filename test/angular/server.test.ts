import '@angular/compiler';
import { InjectionToken, Injector } from '@angular/core';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { injectProjection, injectSender, provideDispatcher, toClockedSignal } from 'rxjs-clocked-dispatch/angular';
import { LogUnavailableError, openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import { memoryLog, openDispatcher, type DurableDispatcher, type EventLog } from 'rxjs-clocked-dispatch/log';
import { expect, it } from 'vitest';

// A server that renders pages: no document, no IndexedDB, and an injector for each request.

const COMMANDS = new InjectionToken<Promise<DurableDispatcher<string>>>('COMMANDS');

const list = { initial: [] as readonly string[], apply: (items: readonly string[], item: string) => [...items, item] };

/** One request: what is rendered, and what it has opened. */
async function request(text: string) {
  const logs: EventLog[] = [];
  const injector = Injector.create({
    providers: [
      provideDispatcher(COMMANDS, async (onCleanup) => {
        const log = await openIndexedDbLog('commands', { fallback: () => memoryLog() });
        logs.push(log);
        onCleanup(() => log.close());
        return openDispatcher(log);
      }),
    ],
  });
  const projection = injectProjection(COMMANDS, 'list', { ...list, injector });
  const shown = toClockedSignal(projection, { injector });
  const sender = injectSender(COMMANDS, 'page', { to: 'list', injector });
  const rendered = JSON.stringify(shown.value());
  await sender.send(text);
  await projection.ready;
  const state = shown.value();
  const dispatcher = await injector.get(COMMANDS);
  injector.destroy();
  return { rendered, state, dispatcher, projection, log: logs[0]! };
}

it('renders the initial state, keeps requests apart, and closes everything with each of them', async () => {
  const requests = await Promise.all(['one', 'two', 'three'].map((text) => request(text)));

  expect(requests.map(({ rendered }) => rendered)).toEqual(['[]', '[]', '[]']);
  expect(requests.map(({ state }) => state)).toEqual([['one'], ['two'], ['three']]);
  for (const { dispatcher, projection, log } of requests) {
    expect(projection.closed).toBe(true);
    await expect.poll(() => dispatcher.closed).toBe(true);
    await expect(log.head()).rejects.toThrow(/closed/);
  }
});

it('keeps nothing of a request', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const kept = await Promise.all(
    ['one', 'two'].map(async (text) => {
      const { dispatcher, projection, log } = await request(text);
      return [dispatcher, projection, log].map((each) => new WeakRef(each));
    }),
  );
  const alive = (): number => kept.flat().filter((ref) => ref.deref() !== undefined).length;

  await expect
    .poll(
      () => {
        collect();
        return alive();
      },
      { timeout: 10_000 },
    )
    .toBe(0);
});

it('says that there is no IndexedDB where no other log is given', async () => {
  const injector = Injector.create({
    providers: [provideDispatcher(COMMANDS, async () => openDispatcher(await openIndexedDbLog('commands')))],
  });
  const { value } = toClockedSignal(injectProjection(COMMANDS, 'list', { ...list, injector }), { injector });
  expect(value()).toEqual([]);

  await expect(injector.get(COMMANDS)).rejects.toThrow(LogUnavailableError);
  expect(() => value()).toThrow(LogUnavailableError);
});
