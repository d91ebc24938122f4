import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import type { Block } from './blocks.js';

/** Type-checks all blocks in one program, each as a module of its own, and tells each one's errors. */
export function check(blocks: readonly Block[]): Map<Block, string[]> {
  const files = new Map(blocks.map((block, i) => [resolve(`test/docs/block${i}.ts`), block]));
  const options: ts.CompilerOptions = {
    ...optionsOf('tsconfig.json'),
    // A block without imports is a module as well.
    moduleDetection: ts.ModuleDetectionKind.Force,
    // Decorators, for Angular's sake.
    experimentalDecorators: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const codeOf = (name: string): string | undefined => files.get(resolve(name))?.code;
  host.fileExists = (name) => codeOf(name) !== undefined || fileExists(name);
  host.readFile = (name) => codeOf(name) ?? readFile(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const code = codeOf(name);
    if (code === undefined) return getSourceFile(name, languageVersion, ...rest);
    return ts.createSourceFile(name, code, languageVersion);
  };

  const program = ts.createProgram([...files.keys()], options, host);
  return new Map(
    [...files].map(([name, block]) => {
      const file = program.getSourceFile(name);
      const problems = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      return [block, problems.map((problem) => describe(block, problem))];
    }),
  );
}

/** As a compiler tells it, but with the page's own lines. */
function describe(block: Block, { file, start = 0, messageText }: ts.Diagnostic): string {
  const { line = 0, character = 0 } = file?.getLineAndCharacterOfPosition(start) ?? {};
  return `${block.file}:${block.line + line}:${character + 1} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}

function optionsOf(config: string): ts.CompilerOptions {
  const { config: json } = ts.readConfigFile(config, (path) => ts.sys.readFile(path)) as { config: unknown };
  return ts.parseJsonConfigFileContent({ ...(json as object), include: [], files: [] }, ts.sys, dirname(resolve(config))).options;
}
