// What the library's tests take from vitest, for a page: tests are registered here, and run when the page is asked to.
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend, setState } from '@vitest/expect';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const expect = chai.expect as unknown as (typeof import('vitest'))['expect'];
setState({ assertionCalls: 0, isExpectingAssertions: false, isExpectingAssertionsError: null }, expect as never);

type Body = () => unknown;

/** One test, with the titles of what it is in. */
interface Case {
  readonly title: string;
  readonly body: Body;
  readonly before: readonly Body[];
  readonly after: readonly Body[];
}

const cases: Case[] = [];
let within: readonly string[] = [];
let before: readonly Body[] = [];
let after: readonly Body[] = [];

// Node's, for tests that let everything happen that is due.
(globalThis as { setImmediate?: unknown }).setImmediate ??= (work: () => void) => setTimeout(work);

export function describe(title: string, body: Body): void {
  const outer = { within, before, after };
  within = [...within, title];
  body();
  ({ within, before, after } = outer);
}

export function beforeEach(body: Body): void {
  before = [...before, body];
}

export function afterEach(body: Body): void {
  after = [...after, body];
}

export function test(title: string, body: Body): void {
  cases.push({ title: [...within, title].join(' > '), body, before, after });
}

type Register = (title: string, body: Body) => void;
type ForRows = (rows: readonly unknown[]) => (title: string, body: (...values: never[]) => unknown) => void;

/** One for each row: its values are the arguments where all rows are lists, else it is the argument itself. */
const each = (register: Register): ForRows => {
  return (rows) => (title, body) => {
    const areLists = rows.every(Array.isArray);
    for (const row of rows) {
      const values = (areLists ? row : [row]) as never[];
      register(titled(title, values), () => body(...values));
    }
  };
};

/** One for each row, which is the argument. */
const forRows = (register: Register): ForRows => {
  return (rows) => (title, body) => {
    for (const row of rows) register(titled(title, Array.isArray(row) ? row : [row]), () => body(row as never));
  };
};

test.each = each(test);
test.for = forRows(test);
describe.each = each(describe);
describe.for = forRows(describe);

/** `%` and a letter stands for the next value, `$name` for a property of the first. */
function titled(title: string, values: readonly unknown[]): string {
  const rest = [...values];
  return title
    .replaceAll(/%[a-z]/g, () => String(rest.shift()))
    .replaceAll(/\$(\w+)/g, (whole, name: string) => {
      const [first] = values;
      return typeof first === 'object' && first !== null && name in first ? String(first[name as never]) : whole;
    });
}

export const it = test;

/** What has come of the tests: how many have passed, and what was wrong with the others. */
export interface Outcome {
  readonly passed: number;
  readonly failures: readonly string[];
}

/** Runs what has been registered so far, one test after the other. */
export async function runTests(): Promise<Outcome> {
  const failures: string[] = [];
  const total = cases.length;
  for (const test of cases.splice(0)) {
    try {
      for (const step of [...test.before, test.body, ...test.after]) await step();
    } catch (error) {
      failures.push(`${test.title}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  return { passed: total - failures.length, failures };
}
