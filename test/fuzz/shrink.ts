import type { Script, Step } from './operation.js';
import type { Setup } from './setup.js';

/**
 * Leaves out whatever isn't needed for a script to fail in the same way: halves, quarters ... single steps, again and
 * again until no single step can be left out (delta debugging); then options.
 */
export async function shrink(script: Script, failsStill: (candidate: Script) => Promise<boolean>): Promise<Script> {
  let { steps } = script;
  let size = steps.length;
  while (size > 0) {
    const before = steps.length;
    for (let at = 0; at < steps.length;) {
      const fewer: readonly Step[] = [...steps.slice(0, at), ...steps.slice(at + size)];
      if (fewer.length < steps.length && (await failsStill({ ...script, steps: fewer }))) steps = fewer;
      else at += size;
    }
    if (size === 1 && steps.length === before) break;
    size = Math.max(1, Math.floor(size / 2));
  }
  return withoutOptions({ ...script, steps }, failsStill);
}

async function withoutOptions(script: Script, failsStill: (candidate: Script) => Promise<boolean>): Promise<Script> {
  let { setup } = script;
  for (const option of Object.keys(setup)) {
    if (option === 'mode') continue;
    const fewer = Object.fromEntries(Object.entries(setup).filter(([key]) => key !== option)) as unknown as Setup;
    if (await failsStill({ ...script, setup: fewer })) setup = fewer;
  }
  return { ...script, setup };
}
