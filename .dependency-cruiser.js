// Imports run one way: types, errors, options <- progress <- dispatch <- operators, sources <- log <- level, indexeddb, nats, port <- testing; angular, index.
const base = '^src/(types\\.ts$|errors/|options/)';
const progress = '^src/progress/';
const dispatch = '^src/dispatch/';
const operators = '^src/(operators|sources)/';
const log = '^src/log/';
const port = '^src/port/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    layer('types-errors-and-options-stand-alone', base, [base]),
    layer('progress-knows-no-dispatcher', progress, [base, progress]),
    layer('dispatch-knows-no-operators', dispatch, [base, progress, dispatch]),
    layer('operators-know-no-entries', operators, [base, progress, dispatch, operators]),
    layer('log-knows-no-store', log, [base, progress, dispatch, operators, '^src/index\\.ts$', log]),
    layer('level-is-a-store', '^src/level/', [base, log, '^src/level/']),
    layer('indexeddb-is-a-store', '^src/indexeddb/', [base, log, '^src/indexeddb/']),
    layer('nats-is-a-store', '^src/nats/', [base, log, '^src/nats/']),
    layer('port-is-an-entry', '^src/port/', [base, progress, dispatch, operators, '^src/index\\.ts$', log, port]),
    layer('testing-is-an-entry', '^src/testing/', [base, progress, dispatch, operators, log, port, '^src/testing/']),
    layer('angular-is-an-entry', '^src/angular/', [base, progress, dispatch, operators, log, '^src/angular/']),
    layer('index-is-an-entry', '^src/index\\.ts$', [base, progress, dispatch, operators]),
    {
      name: 'no-cycles',
      comment: 'Not of types either: what needs each other is one thing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'dispatch-runs-without-rxjs',
      comment:
        'The engine knows RxJS by its types; only what it hands out is an Observable, and the timers that modes use by default.',
      severity: 'error',
      from: {
        path: dispatch,
        pathNot: '^src/dispatch/(dispatcher|receivers/receiver|modes/(watermark|sequence))\\.ts$',
      },
      to: { path: '^node_modules/rxjs/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'angular-only-in-its-entry',
      comment: 'Angular is an optional peer: only ./angular may need it.',
      severity: 'error',
      from: { pathNot: '^src/angular/' },
      to: { path: '^node_modules/@angular/' },
    },
    {
      name: 'only-shipped-dependencies',
      comment: 'What src imports must be there where the package is installed.',
      severity: 'error',
      from: {},
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'],
        dependencyTypesNot: ['npm-peer'],
      },
    },
    {
      name: 'node-only-in-level',
      comment: 'Only ./level runs in Node alone, and its store is an optional peer.',
      severity: 'error',
      from: { pathNot: '^src/level/' },
      to: { path: '^node_modules/classic-level/' },
    },
    {
      name: 'idb-only-in-indexeddb',
      comment: 'idb is an optional peer: only ./indexeddb may need it.',
      severity: 'error',
      from: { pathNot: '^src/indexeddb/' },
      to: { path: '^node_modules/idb/' },
    },
    {
      name: 'nats-only-in-nats',
      comment: 'The client of NATS is an optional peer: only ./nats may need it.',
      severity: 'error',
      from: { pathNot: '^src/nats/' },
      to: { path: '^node_modules/@nats-io/' },
    },
    {
      name: 'built-ins-only-in-level',
      comment: 'Everything else runs in browsers, too.',
      severity: 'error',
      from: { pathNot: '^src/level/' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'types', 'default'] },
  },
};

/** What is in `from` may import from `to` only, as far as src is concerned. */
function layer(name, from, to) {
  return { name, severity: 'error', from: { path: from }, to: { path: '^src/', pathNot: to } };
}
