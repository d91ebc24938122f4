import { resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** A program of somebody who has no DOM types, nor those of Node. */
const PROGRAM = `
import { EMPTY, of, type Observable } from 'rxjs';
import { clockedDispatch, createDispatcher, serialize, source, toReadableStream, type ClockedReceiver } from 'rxjs-clocked-dispatch';

interface Order { id: number; rush: boolean }
const orders$: Observable<Order> = EMPTY;
const web = source('web', orders$, { to: (order) => (order.rush ? 'alerts' : 'orders') });
export const right: Observable<ClockedReceiver<Order>> = of(web).pipe(
  clockedDispatch(serialize(), { receivers: ['orders', 'alerts'] }),
);
export const alsoRight: Promise<number> = createDispatcher<Order>(serialize()).broadcaster('b').send({ id: 1, rush: true });

// @ts-expect-error -- a receiver of orders
export const wrong: Observable<ClockedReceiver<string>> = of(web).pipe(
  clockedDispatch(serialize(), { receivers: ['orders', 'alerts'] }),
);
// @ts-expect-error -- not any
export const any: number = web.input;
// @ts-expect-error -- no input
source('bad', 42, { to: 'a' });
// @ts-expect-error -- a stream, and not any
export const stream: number = toReadableStream(createDispatcher<string>(serialize()).receiver('r'));
`;

test('types hold where there are no DOM types', () => {
  const name = resolve('test/types/no-dom-program.ts');
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    paths: { 'rxjs-clocked-dispatch': [resolve('src/index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const onDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version, ...rest) =>
    file === name ? ts.createSourceFile(file, PROGRAM, version) : onDisk(file, version, ...rest);
  const program = ts.createProgram([name], options, host);
  const file = program.getSourceFile(name);

  const problems = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
}, 60_000);
