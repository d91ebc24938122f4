import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { InputError } from './input-error.js';

/** A row of a data file, as it stands there. */
export interface Row {
  /** Where, for error messages: the file and the row. */
  readonly where: string;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** Reads the rows of a `.json` or `.csv` file; throws an `InputError` that names the file, and the row where there is one. */
export async function readRows(file: string): Promise<Row[]> {
  const parseRows = parsers[extname(file).toLowerCase()];
  if (parseRows === undefined) throw new InputError(`${file}: expected a .json or a .csv file`);
  const rows = parseRows(await readText(file), file);
  if (rows.length === 0) throw new InputError(`${file}: there is no row in it`);
  return rows;
}

const parsers: Readonly<Record<string, (text: string, file: string) => Row[]>> = { '.json': jsonRows, '.csv': csvRows };

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`${file}: ${code === 'ENOENT' ? 'there is no such file' : `can't be read (${message})`}`);
  }
}

function jsonRows(text: string, file: string): Row[] {
  const data = parseJson(text, file);
  if (!Array.isArray(data)) throw new InputError(`${file}: expected a JSON array of objects, one a flight`);
  return data.map((columns: unknown, index) => {
    const where = `${file}, row ${index + 1}`;
    if (!isRecord(columns)) throw new InputError(`${where}: expected an object, found ${JSON.stringify(columns)}`);
    return { where, columns };
  });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: this is no valid JSON (${(error as Error).message})`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function csvRows(text: string, file: string): Row[] {
  return parseCsv(text, file).map(({ record, info }, index) => ({
    where: `${file}, row ${index + 1} (line ${info.lines})`,
    columns: record,
  }));
}

function parseCsv(text: string, file: string): CsvRow[] {
  try {
    return parse<CsvRow>(text, { bom: true, columns: true, info: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InputError(`${file}: this is no valid CSV (${error.message})`);
  }
}

/** What csv-parse makes of a row with the options `columns` and `info`. */
interface CsvRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}
