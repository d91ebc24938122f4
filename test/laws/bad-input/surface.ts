import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/** The modules behind the entries of the package. */
function entries(): string[] {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> };
  const names = Object.keys(exports).filter((name) => name !== './package.json');
  return names.map((name) => resolve('src', name, 'index.ts'));
}

/**
 * Everything public that takes an argument, as the types tell it: `clockedDispatch` for an exported function, and
 * `Sender.send` for a method of an exported interface or class. What has no parameters can't be given bad input; error
 * classes are made by the package.
 */
export function publicSurface(): string[] {
  const program = ts.createProgram(entries(), optionsOf('tsconfig.json'));
  const checker = program.getTypeChecker();
  const found = entries().flatMap((file) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return checker.getExportsOfModule(module).flatMap((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      return symbol.flags & ts.SymbolFlags.Function ? functionsOf(checker, symbol) : methodsOf(checker, symbol);
    });
  });
  return [...new Set(found)].sort();
}

function functionsOf(checker: ts.TypeChecker, symbol: ts.Symbol): string[] {
  return takesArguments(checker, checker.getTypeOfSymbol(symbol)) ? [symbol.name] : [];
}

function methodsOf(checker: ts.TypeChecker, symbol: ts.Symbol): string[] {
  if (!(symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class))) return [];
  return checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
    .filter((member) => isOurs(member) && takesArguments(checker, checker.getTypeOfSymbol(member)))
    .map((member) => `${symbol.name}.${member.name}`);
}

function takesArguments(checker: ts.TypeChecker, type: ts.Type): boolean {
  // An option may be a function or undefined.
  return checker
    .getNonNullableType(type)
    .getCallSignatures()
    .some(({ parameters }) => parameters.length > 0);
}

/** Neither what RxJS and the platform declare, nor what is only for the package itself. */
function isOurs(member: ts.Symbol): boolean {
  const files = member.declarations?.map((declaration) => declaration.getSourceFile().fileName) ?? [];
  if (files.every((file) => !file.startsWith(resolve('src')))) return false;
  return !member.getJsDocTags().some(({ name }) => name === 'internal');
}

function optionsOf(config: string): ts.CompilerOptions {
  const { config: json } = ts.readConfigFile(config, (path) => ts.sys.readFile(path)) as { config: unknown };
  return ts.parseJsonConfigFileContent(
    { ...(json as object), include: [], files: [] },
    ts.sys,
    dirname(resolve(config)),
  ).options;
}
