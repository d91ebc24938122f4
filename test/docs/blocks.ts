import { readdirSync, readFileSync } from 'node:fs';

/** A fenced block of TypeScript in a page. */
export interface Block {
  /** Relative to the repository. */
  readonly file: string;
  /** The last heading above. */
  readonly heading: string;
  /** The number of its first line. */
  readonly line: number;
  readonly code: string;
  /** Whether it is only type-checked. */
  readonly noRun: boolean;
  /** What it prints: the text block that follows it, if there is one. */
  readonly output: string | undefined;
}

/** Where a block stands, for those who have to find it. */
export function place({ file, heading, line }: Block): string {
  return `${file}:${line} (${heading})`;
}

/** README.md and the pages right below docs. */
export function pages(): string[] {
  const docs = readdirSync('docs').filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.sort().map((name) => `docs/${name}`)];
}

/** The blocks of TypeScript of a page, each with the output that follows it. */
export function blocksOf(file: string, text: string = readFileSync(file, 'utf8')): Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let open: { readonly info: string; readonly line: number; readonly lines: string[] } | undefined;
  /** The block that output may belong to: nothing but blank lines has come since. */
  let last: Block | undefined;

  const close = ({ info, line, lines }: NonNullable<typeof open>): void => {
    const [language, ...flags] = info.split(/\s+/);
    const code = lines.map((text) => `${text}\n`).join('');
    if (language === 'ts') {
      const unknown = flags.find((flag) => flag !== 'no-run');
      if (unknown !== undefined) throw new Error(`${file}:${line - 1}: a block of ts can't be '${unknown}'`);
      blocks.push((last = { file, heading, line, code, noRun: flags.length > 0, output: undefined }));
    } else if (language === 'text' && last !== undefined) {
      if (last.noRun) throw new Error(`${place(last)}: a block that isn't run can't have an output`);
      blocks[blocks.length - 1] = { ...last, output: code };
      last = undefined;
    } else last = undefined;
  };

  for (const [i, line] of text.split('\n').entries()) {
    const fence = /^ {0,3}```(.*)$/.exec(line)?.[1];
    if (open !== undefined) {
      if (fence === undefined) open.lines.push(line);
      else {
        close(open);
        open = undefined;
      }
    } else if (fence !== undefined) open = { info: fence.trim(), line: i + 2, lines: [] };
    else if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '');
    else if (line.trim() !== '') last = undefined;
  }
  if (open !== undefined) throw new Error(`${file}:${open.line - 1}: this block never ends`);
  return blocks;
}
