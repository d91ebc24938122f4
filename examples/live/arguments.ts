import { parseArgs } from 'node:util';

export const HELP = `Usage: npm run example:live -- [options]

A server with a log on disk, and two pages over WebSockets. Kill it, start it again: nothing is lost.

  --port N       where it listens, on loopback (default 4300; 0 is any that is free)
  --log FOLDER   where the log is (default examples/live/.log)
  --help         this text`;

/** What the command line asks for. */
export interface Arguments {
  readonly help: boolean;
  readonly port: number;
  readonly log: string;
}

/** Reads the command line; throws for what it does not know. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      port: { type: 'string', default: '4300' },
      log: { type: 'string', default: 'examples/live/.log' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`--port is ${values.port}`);
  return { help: values.help, port, log: values.log };
}
