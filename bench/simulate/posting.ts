import type { Line } from 'rxjs-clocked-dispatch/port';
import { cpuTime } from '../scenario.js';

const ROUNDS = 12;

/** Which part of what a frame takes is that of the side that posts it. */
export async function shareOfPosting(from: Line, to: Line, frame: unknown, count: number): Promise<number> {
  let [post, both] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    let left = count;
    const received = new Promise<void>((resolve) => {
      to.onframe = () => {
        if (--left === 0) resolve();
      };
    });
    const began = cpuTime();
    for (let i = 0; i < count; i++) from.post(frame);
    const posted = cpuTime() - began;
    await received;
    // What disturbs only ever adds.
    post = Math.min(post, posted);
    both = Math.min(both, cpuTime() - began);
  }
  return Math.min(1, post / both);
}
