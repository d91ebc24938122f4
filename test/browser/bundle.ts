import { build, type BuildOptions, type OutputFile } from 'esbuild';

/** Scripts for pages and workers: those of `entryPoints`, or what `stdin` says. */
export async function bundle(options: BuildOptions): Promise<readonly OutputFile[]> {
  const { outputFiles } = await build({
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
    ...options,
    bundle: true,
    write: false,
  });
  return outputFiles;
}
