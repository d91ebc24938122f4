import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts one of the programs here as a process of its own. */
export function startChild(program: string, ...args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(program, import.meta.url));
  return fork(path, args, { execArgv: ['--import', 'tsx'] });
}

/** In a child: aborted when whoever started it says so, or is gone. */
export function untilEnd(): AbortSignal {
  const end = new AbortController();
  process.once('disconnect', () => end.abort());
  // Ctrl+C reaches all processes: the one that started them ends the others.
  process.on('SIGINT', () => undefined);
  return end.signal;
}

/** Ends a child, and waits until it has; one that doesn't is killed. */
export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  if (child.connected) child.disconnect();
  else child.kill();
  await gone;
  clearTimeout(late);
}
