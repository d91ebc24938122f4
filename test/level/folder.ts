import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder, which is deleted when the tests of the file are through. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clocked-level-'));
  folders.push(folder);
  return folder;
}
