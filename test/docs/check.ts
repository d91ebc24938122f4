import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import { place, type Block } from './blocks.js';

/** Type-checks all blocks in one program, each as a module of its own, and tells what is wrong. */
export function check(blocks: readonly Block[]): string[] {
  const files = new Map(blocks.map((block, i) => [resolve(`test/docs/block${i}.ts`), block]));
  const options: ts.CompilerOptions = {
    ...optionsOf('tsconfig.json'),
    // A block without imports is a module as well.
    moduleDetection: ts.ModuleDetectionKind.Force,
    // Decorators, for Angular's sake.
    experimentalDecorators: true,
  };
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  const codeOf = (name: string): string | undefined => files.get(resolve(name))?.code;
  host.fileExists = (name) => codeOf(name) !== undefined || onDisk.fileExists(name);
  host.readFile = (name) => codeOf(name) ?? onDisk.readFile(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const code = codeOf(name);
    if (code === undefined) return onDisk.getSourceFile(name, languageVersion, ...rest);
    return ts.createSourceFile(name, code, languageVersion);
  };

  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([name, block]) => {
    const file = program.getSourceFile(name);
    const problems = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return problems.map((problem) => describe(block, problem));
  });
}

/** As a compiler tells it, but with the page's own lines. */
function describe(block: Block, { file, start = 0, messageText }: ts.Diagnostic): string {
  const { line = 0 } = file?.getLineAndCharacterOfPosition(start) ?? {};
  const where = place({ ...block, line: block.line + line });
  return `${where}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}

function optionsOf(config: string): ts.CompilerOptions {
  const { config: json } = ts.readConfigFile(config, (path) => ts.sys.readFile(path)) as { config: unknown };
  return ts.parseJsonConfigFileContent(
    { ...(json as object), include: [], files: [] },
    ts.sys,
    dirname(resolve(config)),
  ).options;
}
