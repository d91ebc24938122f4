import { type Line, portLine, type PortLike } from 'rxjs-clocked-dispatch/port';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ended } from './ended.js';

/** As much of the Web Locks API as a line uses, for the pages of one origin. */
class Locks {
  readonly #queues = new Map<string, (() => Promise<unknown>)[]>();

  query(): Promise<{ held: { name: string }[] }> {
    return Promise.resolve({ held: [...this.#queues.keys()].map((name) => ({ name })) });
  }

  request(name: string, ...args: unknown[]): Promise<void> {
    const callback = args.at(-1) as () => unknown;
    const { signal } = (args.length > 1 ? args[0] : {}) as { signal?: AbortSignal };
    return new Promise((resolve, reject) => {
      const hold = async (): Promise<void> => {
        await callback();
        this.free(name);
        resolve();
      };
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      queue.push(hold);
      signal?.addEventListener('abort', () => {
        if (queue.indexOf(hold) > 0) queue.splice(queue.indexOf(hold), 1);
        reject(new Error('aborted'));
      });
      if (queue.length === 1) queueMicrotask(() => void hold());
    });
  }

  /** Lets go of a lock, as the browser does for a page that is gone. */
  free(name: string): void {
    const queue = this.#queues.get(name) ?? [];
    queue.shift();
    if (queue.length === 0) this.#queues.delete(name);
    else void queue[0]!();
  }

  get names(): string[] {
    return [...this.#queues.keys()];
  }

  waiting(name: string): number {
    return (this.#queues.get(name)?.length ?? 1) - 1;
  }
}

/** The two ports of a channel that says nothing of being closed, as those of older browsers. */
function silentPorts(): [PortLike, PortLike] {
  const { port1, port2 } = new MessageChannel();
  return [port1, port2].map((port): PortLike => ({
    postMessage: (message) => port.postMessage(message),
    addEventListener: (type, listener) => {
      if (type !== 'close') port.addEventListener(type, listener as EventListener);
    },
    removeEventListener: (type, listener) => port.removeEventListener(type, listener as EventListener),
    start: () => port.start(),
    close: () => port.close(),
  })) as [PortLike, PortLike];
}

function lines(locks: Locks, ofTheOther = locks): [Line, Line] {
  const [one, other] = silentPorts();
  vi.stubGlobal('navigator', { locks });
  const first = portLine(one);
  vi.stubGlobal('navigator', { locks: ofTheOther });
  return [first, portLine(other)];
}

afterEach(() => vi.unstubAllGlobals());

describe('law 65: a page or worker that is gone without a word', () => {
  test('lets go of its lock, and its line is closed', async () => {
    const locks = new Locks();
    const [, line] = lines(locks);
    const [name] = locks.names;
    await expect.poll(() => locks.waiting(name!)).toBe(1);
    locks.free(name!);

    expect(await ended(line)).toMatchObject({
      code: 'RCD131',
      reason: 'the page or worker at the other side is gone',
    });
  });

  test('is not guessed at where its locks can not be seen: another origin', async () => {
    const [one, line] = lines(new Locks(), new Locks());
    const frames: unknown[] = [];
    line.onframe = (frame) => frames.push(frame);
    const end = vi.fn();
    line.onclose = end;
    await new Promise((resolve) => setTimeout(resolve, 50));
    one.post('still here');

    await expect.poll(() => frames).toEqual(['still here']);
    expect(end).not.toHaveBeenCalled();
    one.close();
  });

  test('a line that is closed is seen as closed, not as gone, and leaves no lock', async () => {
    const locks = new Locks();
    const [one, other] = lines(locks);
    await expect.poll(() => locks.names.map((name) => locks.waiting(name))).toEqual([1, 1]);
    one.close('done');

    expect(await ended(other)).toMatchObject({ reason: 'done' });
    await expect.poll(() => locks.names, { timeout: 5000 }).toEqual([]);
  });

  test('where locks are forbidden, the line does without', async () => {
    const forbidden = { request: () => Promise.reject(new Error('SecurityError')) } as unknown as Locks;
    const [one, other] = lines(forbidden);
    const frame = new Promise((resolve) => (other.onframe = resolve));
    one.post('frame');

    expect(await frame).toBe('frame');
    one.close();
  });
});
