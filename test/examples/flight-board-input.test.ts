import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseArguments } from '../../examples/flight-board/arguments.js';
import { byArrival, loadFlights } from '../../examples/flight-board/flights.js';
import { InputError } from '../../examples/flight-board/input-error.js';

describe('the command line', () => {
  it('replays all of the real flights in both ways by default', () => {
    expect(parseArguments([])).toEqual({
      help: false,
      modes: ['sequence', 'watermark'],
      data: expect.stringMatching(/vega-datasets.*flights-20k\.json$/) as string,
      limit: Infinity,
      refold: false,
    });
  });

  it('takes one mode, a file and a limit', () => {
    expect(parseArguments(['--mode', 'watermark', '--data', 'mine.csv', '--limit=10'])).toEqual({
      help: false,
      modes: ['watermark'],
      data: 'mine.csv',
      limit: 10,
      refold: false,
    });
  });

  it.each([
    [['--mode', 'serialize'], "--mode is 'serialize': expected 'sequence' or 'watermark'"],
    [['--limit', '0'], "--limit is '0': expected a whole number from 1 on"],
    [['--limit', '1e3'], "--limit is '1e3': expected a whole number from 1 on"],
    [['--fast'], /^Unknown option '--fast'.*\(--help tells the options\)$/],
    [['--data'], /^Option '--data <value>' argument missing \(--help tells the options\)$/],
    [['flights.csv'], /^Unexpected argument 'flights\.csv'/],
  ])('refuses %j', (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(InputError);
    expect(() => parseArguments(argv)).toThrow(message);
  });
});

describe('the data', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flight-board-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Writes a file and returns its path. */
  async function file(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  }

  const JSON_ROWS = [
    { date: '2001/01/01 08:10', delay: 0, distance: 1, origin: 'ATL', destination: 'ORD' },
    { date: '2001/01/01 08:00', delay: 30, distance: 2, origin: 'DFW', destination: 'ORD' },
    { date: '2001/01/01 08:20', delay: -5, distance: 3, origin: 'ATL', destination: 'DFW' },
  ];
  const CSV_ROWS = `\
date,delay,distance,origin,destination
2001/01/01 08:10,0,1,ATL,ORD
2001-01-01T08:00,30,2,DFW,ORD

"2001/01/01 08:20", -5 ,3,ATL,DFW
`;

  it('numbers the flights by schedule, also where the file is not sorted', async () => {
    const flights = await loadFlights(await file('good.json', JSON.stringify(JSON_ROWS)), Infinity);
    expect(flights.map(({ ts, origin, destination }) => [ts, origin, destination])).toEqual([
      [1, 'DFW', 'ORD'],
      [2, 'ATL', 'ORD'],
      [3, 'ATL', 'DFW'],
    ]);
  });

  it('has the reports come in at date plus delay', async () => {
    const flights = await loadFlights(await file('good.json', JSON.stringify(JSON_ROWS)), Infinity);
    expect(byArrival(flights).map(({ ts }) => ts)).toEqual([2, 3, 1]);
    expect(flights.map(({ reported }) => reported - flights[0]!.reported)).toEqual([0, -20, -15]);
  });

  it('reads CSV as it reads JSON', async () => {
    const json = await loadFlights(await file('good.json', JSON.stringify(JSON_ROWS)), Infinity);
    expect(await loadFlights(await file('good.CSV', CSV_ROWS), Infinity)).toEqual(json);
    expect(await loadFlights(await file('bom.csv', `\uFEFF${CSV_ROWS}`), Infinity)).toEqual(json);
    expect(await loadFlights(await file('crlf.csv', CSV_ROWS.replaceAll('\n', '\r\n')), Infinity)).toEqual(json);
  });

  it('takes the first flights of the schedule', async () => {
    const flights = await loadFlights(await file('good.json', JSON.stringify(JSON_ROWS)), 2);
    expect(flights.map(({ origin }) => origin)).toEqual(['DFW', 'ATL']);
  });

  it.each([
    ['no file', 'nowhere.json', undefined, 'there is no such file'],
    ['another format', 'flights.txt', 'x', 'expected a .json or a .csv file'],
    ['broken JSON', 'broken.json', '[{"date": 1,}]', /^.*broken\.json: this is no valid JSON \(.+\)$/],
    ['no array', 'object.json', '{"flights": []}', 'expected a JSON array of objects, one a flight'],
    ['no row', 'empty.json', '[]', 'there is no row in it'],
    ['no line', 'empty.csv', '', 'there is no row in it'],
    ['a header only', 'header.csv', 'date,delay,origin,destination\n', 'there is no row in it'],
    [
      'too few cells',
      'short.csv',
      'date,delay,origin,destination\n2001/01/01 08:10,0,ATL\n',
      /no valid CSV \(.*line 2\)/,
    ],
    [
      'an open quote',
      'quote.csv',
      'date,delay,origin,destination\n"2001/01/01 08:10,0,ATL,ORD\n',
      /no valid CSV \(.+\)/,
    ],
  ])('refuses a file: %s', async (_, name, text, message) => {
    const path = text === undefined ? join(folder, name) : await file(name, text);
    const loading = loadFlights(path, Infinity);
    await expect(loading).rejects.toThrow(InputError);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toThrow(path);
  });

  it('refuses a folder', async () => {
    const path = join(folder, 'folder.json');
    await mkdir(path);
    await expect(loadFlights(path, Infinity)).rejects.toThrow(`${path}: can't be read (EISDIR`);
  });

  it.each([
    [{ date: undefined }, "'date' is missing, expected a date such as '2001/01/31 23:59'"],
    [{ date: 'soon' }, `'date' is "soon", expected a date`],
    [{ date: '2001/02/30 10:00' }, `'date' is "2001/02/30 10:00", expected a date`],
    [{ date: '2001/02/01 24:00' }, `'date' is "2001/02/01 24:00", expected a date`],
    [{ date: 20010101 }, "'date' is 20010101, expected a date"],
    [{ delay: '' }, `'delay' is "", expected a whole number of minutes`],
    [{ delay: 1.5 }, "'delay' is 1.5, expected a whole number of minutes"],
    [{ delay: null }, "'delay' is null, expected a whole number of minutes"],
    [{ origin: 'atl' }, `'origin' is "atl", expected an airport such as 'ATL'`],
    [{ destination: 7 }, "'destination' is 7, expected an airport such as 'ATL'"],
  ])('refuses a row with %j', async (change, message) => {
    const rows = [...JSON_ROWS, { ...JSON_ROWS[0], ...change }];
    const path = await file('row.json', JSON.stringify(rows));
    await expect(loadFlights(path, Infinity)).rejects.toThrow(`${path}, row 4: ${message}`);
  });

  it('refuses a row that is no object', async () => {
    const path = await file('row.json', JSON.stringify([...JSON_ROWS, [1, 2]]));
    await expect(loadFlights(path, Infinity)).rejects.toThrow(`${path}, row 4: expected an object, found [1,2]`);
  });

  it('names the row of a CSV file, and its line', async () => {
    const path = await file('row.csv', `${CSV_ROWS}2001/01/01 08:30,late,4,ATL,DFW\n`);
    await expect(loadFlights(path, Infinity)).rejects.toThrow(
      `${path}, row 4 (line 6): 'delay' is "late", expected a whole number of minutes`,
    );
  });
});
