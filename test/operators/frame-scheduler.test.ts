import { createDispatcher, frameScheduler, serialize } from 'rxjs-clocked-dispatch';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

/** A page whose frames the test draws. */
class Page {
  visibilityState = 'visible';
  frames = new Map<number, () => void>();
  listeners = new Set<() => void>();
  #frame = 0;

  install(): void {
    vi.stubGlobal('document', this);
    vi.stubGlobal('requestAnimationFrame', (work: () => void) => {
      this.frames.set(++this.#frame, work);
      return this.#frame;
    });
    vi.stubGlobal('cancelAnimationFrame', (frame: number) => this.frames.delete(frame));
  }

  addEventListener(_: string, listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_: string, listener: () => void): void {
    this.listeners.delete(listener);
  }

  draw(): void {
    const frames = [...this.frames.values()];
    this.frames.clear();
    for (const frame of frames) frame();
  }

  show(state: 'visible' | 'hidden'): void {
    this.visibilityState = state;
    for (const listener of this.listeners) listener();
  }

  get idle(): boolean {
    return this.frames.size === 0 && this.listeners.size === 0 && vi.getTimerCount() === 0;
  }
}

describe('frameScheduler', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('runs by a timer where there are no frames', () => {
    const work = vi.fn();
    frameScheduler().schedule(work);
    vi.advanceTimersByTime(15);
    expect(work).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(work).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('runs with the next frame where somebody looks', () => {
    const page = new Page();
    page.install();
    const work = vi.fn();
    frameScheduler().schedule(work);
    vi.advanceTimersByTime(100);
    expect(work).not.toHaveBeenCalled();
    page.draw();
    expect(work).toHaveBeenCalledTimes(1);
    expect(page.idle).toBe(true);
  });

  test('runs by a timer where nobody looks, also when the page is hidden while a frame is due', () => {
    const page = new Page();
    page.install();
    const work = vi.fn();
    const scheduler = frameScheduler();
    scheduler.schedule(work);
    page.show('visible');
    page.show('hidden');
    page.draw();
    expect(work).not.toHaveBeenCalled();
    vi.advanceTimersByTime(16);
    expect(work).toHaveBeenCalledTimes(1);

    scheduler.schedule(work);
    expect(page.frames.size).toBe(0);
    vi.advanceTimersByTime(16);
    expect(work).toHaveBeenCalledTimes(2);
    expect(page.idle).toBe(true);
  });

  test('is called off, wherever it waits', () => {
    const page = new Page();
    page.install();
    const work = vi.fn();
    const scheduler = frameScheduler();
    const [frame, moved, timer] = [scheduler.schedule(work), scheduler.schedule(work), scheduler.schedule(work, 50)];
    frame.unsubscribe();
    page.show('hidden');
    moved.unsubscribe();
    timer.unsubscribe();
    page.draw();
    vi.advanceTimersByTime(100);
    expect(work).not.toHaveBeenCalled();
    expect(page.idle).toBe(true);
  });

  test('runs work with a delay after so long, and does not ask the wall clock', () => {
    const work = vi.fn();
    const scheduler = frameScheduler();
    const before = scheduler.now();
    vi.setSystemTime(0);
    expect(scheduler.now()).toBe(before);
    scheduler.schedule(work, 50);
    vi.advanceTimersByTime(49);
    expect(work).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(work).toHaveBeenCalledTimes(1);
  });

  test('brings the ticks of a dispatcher together, one a frame', () => {
    const page = new Page();
    page.install();
    const dispatcher = createDispatcher<string>(serialize(), { ticks: frameScheduler() });
    const [send] = dispatcher.channel('web', 'orders');
    const seen: unknown[] = [];
    dispatcher.receiver('log').subscribe((item) => seen.push(item));
    for (const value of 'abc') send.next(value);
    expect(seen).toEqual([]);
    page.draw();
    expect(seen).toEqual([[null, 3]]);
  });
});
