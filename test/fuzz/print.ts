import type { Operation, Script, Step } from './operation.js';
import type { Setup } from './setup.js';

/** A script as text: what happens, in the order in which it happened, with what is done inside callbacks indented. */
export function print(setup: Setup, steps: readonly (readonly [Step, depth: number])[]): string {
  const { mode, ...options } = setup;
  const lines = steps.map(([{ inside, operation, look }, depth]) => {
    const where = inside === undefined ? '' : `[${inside}] `;
    return `${'    '.repeat(depth)}${where}${show(operation)}${look === true ? ' ?' : ''}`;
  });
  return [`${mode} ${JSON.stringify(options)}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

function show({ kind, ...rest }: Operation): string {
  const args = Object.entries(rest).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return args.length === 0 ? kind : `${kind} { ${args.join(', ')} }`;
}

/** A script as data, to be replayed with `--script`. */
export function encode(script: Script): string {
  return JSON.stringify(script);
}
