import type * as current from 'rxjs-clocked-dispatch';

/** What the scenarios use of a build of the package. */
export type Package = Pick<
  typeof current,
  'clockedDispatch' | 'createDispatcher' | 'sequence' | 'serialize' | 'source' | 'stamp' | 'watermark' | 'whenClock'
>;

/** Loads a build by the path of its entry. */
export async function load(entry: string): Promise<Package> {
  const build = (await import(entry)) as Package;
  return 'serialize' in build ? build : withModes(build);
}

/** Version 0.1 took the mode as a word among the options: `createDispatcher({ mode: 'serialize', seed, bound })`. */
function withModes(build: Package): Package {
  const byWord = (name: string) => (options?: object) => ({ mode: name, ...options });
  const merged =
    (f: (options: object) => unknown) =>
    (mode: object, options?: object): unknown =>
      f({ ...mode, ...options });
  return {
    ...(build as object),
    serialize: byWord('serialize'),
    watermark: byWord('watermark'),
    sequence: byWord('sequence'),
    createDispatcher: merged(build.createDispatcher as never),
    clockedDispatch: merged(build.clockedDispatch as never),
  } as never;
}
