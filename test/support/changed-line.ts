import type { Line } from 'rxjs-clocked-dispatch/port';

/** A line that does what another does, but for what is replaced. */
export function changedLine(line: Line, changes: Partial<Line>): Line {
  return {
    post: (frame) => line.post(frame),
    close: (reason) => line.close(reason),
    get onframe() {
      return line.onframe;
    },
    set onframe(take) {
      line.onframe = take;
    },
    get onclose() {
      return line.onclose;
    },
    set onclose(take) {
      line.onclose = take;
    },
    ...changes,
  };
}
