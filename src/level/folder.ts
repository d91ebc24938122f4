import type * as Fs from 'node:fs';

/** Files of LevelDB that exist only where something was stored. */
const DATA = /^\d+\.(log|ldb|sst)$/;
/** Beyond the write-ahead log, LevelDB needs a little for files of its own. */
const SPARE = 65_536;

/** Whether something was stored in this folder, whatever became of it. */
export function holdsData(fs: typeof Fs, folder: string): boolean {
  return filesOf(fs, folder).some((name) => DATA.test(name));
}

/** Whether LevelDB will know what is there: without this file it would begin anew, and delete the rest. */
export function isComplete(fs: typeof Fs, folder: string): boolean {
  return fs.existsSync(`${folder}/CURRENT`);
}

/**
 * Throws what the file system says where there is hardly room to open the log again, which rewrites its write-ahead log
 * as a table: compressed, so a quarter is taken for enough.
 */
export function assertRoom(fs: typeof Fs, folder: string): void {
  const logs = filesOf(fs, folder).filter((name) => name.endsWith('.log'));
  const size = logs.reduce((sum, name) => sum + sizeOf(fs, `${folder}/${name}`) / 4, SPARE);
  const probe = `${folder}/ROOM`;
  try {
    fs.writeFileSync(probe, new Uint8Array(Math.ceil(size)));
  } finally {
    fs.rmSync(probe, { force: true });
  }
}

function filesOf(fs: typeof Fs, folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function sizeOf(fs: typeof Fs, path: string): number {
  try {
    return fs.statSync(path).size;
  } catch {
    return 0;
  }
}
