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
    expect(withoutRate(stdout)).toMatchInlineSnapshot();
    expect(stderr).toContain('100 %  400 of 400 flights');
    expect(stdout + stderr).not.toContain('\u001B');
  });

  it('shows one mode', () => {
    const { status, stdout, stderr } = start('--limit', '3', '--mode', 'sequence');
    expect(status).toBe(0);
    expect(withoutRate(stdout)).toMatchInlineSnapshot();
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
