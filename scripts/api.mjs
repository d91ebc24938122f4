// Writes the public API of every entry, as its built declarations have it, to api/*.api.md. Needs a build.
//     node scripts/api.mjs [--check] [--root DIRECTORY]
// With --check nothing is written: it fails where the API is not what the reports say.
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string', default: '.' } },
});
const root = resolve(options.root);
const { name: packageName, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { compilerOptions } = JSON.parse(readFileSync('tsconfig.base.json', 'utf8'));
const temporary = mkdtempSync(join(tmpdir(), 'api-'));

const reports = new Map();
for (const [entry, target] of Object.entries(exports)) {
  const declarations = target.import?.types;
  if (declarations === undefined) continue;
  const name = entry === '.' ? packageName : entry.slice('./'.length);
  reports.set(`${name}.api.md`, report(name, join(root, declarations)));
}
rmSync(temporary, { recursive: true });

const before = readdirSync('api').filter((file) => file.endsWith('.api.md'));
for (const [file, text] of reports) {
  const known = before.includes(file) ? readFileSync(join('api', file), 'utf8') : '';
  if (known === text) continue;
  if (options.check) differs(file, known.split('\n'), text.split('\n'));
  else writeFileSync(join('api', file), text);
}
for (const file of before) {
  if (reports.has(file)) continue;
  if (options.check) differs(file, ['a report of an entry'], ['no such entry']);
  else rmSync(join('api', file));
}

/** The public API that a file of declarations exports. */
function report(name, declarations) {
  const none = { logLevel: ExtractorLogLevel.None };
  const { succeeded } = Extractor.invoke(
    ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(root, 'package.json'),
      configObject: {
        projectFolder: root,
        mainEntryPointFilePath: declarations,
        newlineKind: 'lf',
        compiler: {
          overrideTsconfig: { compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: [declarations] },
          skipLibCheck: true,
        },
        apiReport: {
          enabled: true,
          reportFileName: name,
          // What is marked as internal may change at any time.
          reportVariants: ['public'],
          reportFolder: temporary,
          reportTempFolder: join(temporary, 'before'),
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
          // TypeDoc looks for what is undocumented, unresolved or not exported, and knows the exceptions.
          extractorMessageReporting: { default: none },
          tsdocMessageReporting: { default: none },
        },
      },
    }),
    { localBuild: true, messageCallback: (message) => (message.handled ||= message.category === 'console') },
  );
  if (!succeeded) throw new Error(`${declarations} can't be read: run 'npm run build' first.`);
  return readFileSync(join(temporary, `${name}.public.api.md`), 'utf8');
}

/** Fails, with the first line that differs. */
function differs(file, known, now) {
  const at = now.findIndex((line, i) => line !== known[i]);
  const line = at < 0 ? now.length : at;
  console.error(
    `api/${file}:${line + 1} says ${known[line] ?? 'nothing'}\n  but the API is ${now[line] ?? 'at its end'}`,
  );
  console.error("  Where that is meant, run 'npm run api' and commit the report.");
  process.exitCode = 1;
}
