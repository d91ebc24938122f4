import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Runs the demo as `npm start` does, without a terminal. */
function start(...argv: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', 'examples/flight-board/main.ts', ...argv], {
    encoding: 'utf8',
  });
}
describe('npm start', { timeout: 30_000 }, () => {
  it('shows both modes beside a plain merge', () => {
    const { status, stdout, stderr } = start('--limit', '400');
    expect(status).toBe(0);
    expect(withoutRate(stdout)).toMatchInlineSnapshot(`
      "
      flights-20k.json: 400 flights, 92 airports as sources

                                              plain merge    sequence   watermark
      ───────────────────────────────────────────────────────────────────────────
      boards (and the audit, which gets all)          107         107         107
      flights shown by the boards                     400         400         400
      flights shown by the audit                      400         400         400
      out of order on arrival                  269 (67 %)  269 (67 %)  269 (67 %)
      out of order at the audit                       269           0           0
      out of order at the boards                       26           0           0
      clocks at the end                           from 76     all 400     all 400
      ticks told to all                                 0      42,400      42,542
      most flights held at once                         0          55          55
      held the frontier longest (of the run)            –  DFW (38 %)  DFW (38 %)
      flights a second …

                                       plain merge                  sequence                 watermark
      board      flights  out of order       clock  out of order       clock  out of order       clock
      ────────────────────────────────────────────────────────────────────────────────────────────────
      audit          400           269         345             0         400             0         400
      ORD             28             5         367             0         400             0         400
      DFW             18             2         363             0         400             0         400
      PHX             14             2         399             0         400             0         400
      ATL             13             2         388             0         400             0         400
      LAX             12             1         343             0         400             0         400
      DEN             12             2         383             0         400             0         400
      STL             12             2         380             0         400             0         400
      DTW             11             1         382             0         400             0         400
      LAS             10             0         358             0         400             0         400
      MSP             10             1         373             0         400             0         400
      97 others      260             8     from 76             0     all 400             0     all 400

      Out of order: shown after a flight that the schedule has later. Clock: what a board was told last.
      By plain merge that is its own last flight, and no board can tell how current it is; a dispatcher
      tells every board of every flight.
      "
    `);
    expect(stderr).toContain('100 %  400 of 400 flights');
    expect(stdout + stderr).not.toContain('\u001B');
  });

  it('shows one mode', () => {
    const { status, stdout, stderr } = start('--limit', '3', '--mode', 'sequence');
    expect(status).toBe(0);
    expect(withoutRate(stdout)).toMatchInlineSnapshot(`
      "
      flights-20k.json: 3 flights, 3 airports as sources

                                              plain merge  sequence
      ─────────────────────────────────────────────────────────────
      boards (and the audit, which gets all)            3         3
      flights shown by the boards                       3         3
      flights shown by the audit                        3         3
      out of order on arrival                    2 (67 %)  2 (67 %)
      out of order at the audit                         2         0
      out of order at the boards                        0         0
      clocks at the end                            from 1     all 3
      ticks told to all                                 0         6
      most flights held at once                         0         1
      held the frontier longest (of the run)            –         –
      flights a second …

                                   plain merge                  sequence
      board  flights  out of order       clock  out of order       clock
      ──────────────────────────────────────────────────────────────────
      audit        3             2           2             0           3
      LAS          1             0           1             0           3
      SFO          1             0           2             0           3
      OAK          1             0           3             0           3

      Out of order: shown after a flight that the schedule has later. Clock: what a board was told last.
      By plain merge that is its own last flight, and no board can tell how current it is; a dispatcher
      tells every board of every flight.
      "
    `);
    expect(stderr).not.toContain('watermark');
  });

  it('tells its options', () => {
    const { status, stdout } = start('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--mode sequence|watermark');
  });

  it('ends with 1 and one line for what the user can put right', () => {
    expect(start('--data', 'nowhere.csv')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'flight-board: nowhere.csv: there is no such file\n',
    });
  });
});

/** The one figure that differs from run to run. */
function withoutRate(output: string): string {
  return output.replace(/(?<=flights a second).*/, ' …');
}
