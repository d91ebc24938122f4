import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from './input-error.js';

export const HELP = `Usage: npm start -- [options]

Replays real flights through a dispatcher: every origin airport is a source, every destination a board.

  --mode sequence|watermark   one way only (both by default, side by side)
  --data FILE                 .json or .csv with the columns date, delay, origin and destination
                              (by default the 20,000 US flights of the npm package vega-datasets)
  --limit N                   only the first N flights of the schedule
  --log FOLDER                keeps the reports in a log: stop it, or kill it, and the next start goes on
  --refold                    with --log: counts the boards anew from the log, as after a change of the program
  --help                      this text`;

const MODES = ['sequence', 'watermark'] as const;

/** How a dispatcher puts flights into order. */
export type Mode = (typeof MODES)[number];

/** What the command line asks for. */
export interface Arguments {
  readonly help: boolean;
  readonly modes: readonly Mode[];
  readonly data: string;
  readonly limit: number;
  /** The folder of the log, if there shall be one. */
  readonly log: string | undefined;
  readonly refold: boolean;
}

/** Reads the command line; throws an `InputError` for what it does not know. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { help = false, mode, data, limit, log, refold = false } = parseOptions(argv);
  if (log === '') throw new InputError('--log has no folder');
  if (log !== undefined && mode !== undefined) throw new InputError('--mode is for runs without --log');
  if (log === undefined && refold) throw new InputError('--refold needs --log');
  return {
    help,
    modes: mode === undefined ? MODES : [knownMode(mode)],
    data: data ?? defaultData(),
    limit: limit === undefined ? Infinity : positiveInteger('--limit', limit),
    log,
    refold,
  };
}

function parseOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean', short: 'h' },
        mode: { type: 'string' },
        data: { type: 'string' },
        limit: { type: 'string' },
        log: { type: 'string' },
        refold: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new InputError(`${(error as Error).message} (--help tells the options)`);
  }
}

function knownMode(mode: string): Mode {
  const known = MODES.find((each) => each === mode);
  if (known === undefined) throw new InputError(`--mode is '${mode}': expected '${MODES.join("' or '")}'`);
  return known;
}

function positiveInteger(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InputError(`${option} is '${text}': expected a whole number from 1 on`);
  return Number(text);
}

function defaultData(): string {
  const main = createRequire(import.meta.url).resolve('vega-datasets');
  return join(dirname(main), '../data/flights-20k.json');
}
