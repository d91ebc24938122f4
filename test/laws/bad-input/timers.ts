import { vi } from 'vitest';

/** Timers that can be counted. */
export function useFakeTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
}

export function useRealTimers(): void {
  vi.useRealTimers();
}
