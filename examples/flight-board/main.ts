/**
 * Real flights through a dispatcher. Every origin airport is a source, every destination airport a board, and one more
 * board, the audit, gets all. A flight's timestamp is its place in the schedule (`date`); its report comes in `delay`
 * minutes later, so that many overtake each other. No board may show it.
 */
import { HELP, parseArguments } from './arguments.js';
import { loadFlights } from './flights.js';
import { InputError } from './input-error.js';
import { flightLog } from './log.js';
import { progressBar } from './progress.js';
import { replay, type Replay, type Way } from './replay.js';
import { report } from './report.js';

try {
  const { help, modes, data, limit, log, refold } = parseArguments(process.argv.slice(2));
  if (help) console.log(HELP);
  else if (log !== undefined) await flightLog(log, data, await loadFlights(data, limit), refold);
  else console.log(await flightBoard(data, limit, ['plain merge', ...modes]));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(`flight-board: ${error.message}`);
  process.exitCode = 1;
}

async function flightBoard(data: string, limit: number, ways: readonly Way[]): Promise<string> {
  const flights = await loadFlights(data, limit);
  const replays: Replay[] = [];
  for (const way of ways) {
    const progress = progressBar(way, flights.length);
    replays.push(await replay(flights, way, (reported) => progress.update(reported)));
    progress.stop();
  }
  return `\n${report(data, flights, replays)}`;
}
