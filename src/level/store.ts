/** The part of classic-level that is used here, with strings as keys and bytes as values. */
export interface Store {
  get(key: string): Promise<Uint8Array | undefined>;
  /** Writes all of them or none. With `sync`, they are on the disk when it resolves. */
  batch(operations: Operation[], options: { readonly sync: boolean }): Promise<void>;
  iterator(range: Range): Cursor<[string, Uint8Array]>;
  keys(range: Range): Cursor<string>;
  close(): Promise<void>;
}

/** One change of a batch. */
export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/** Which keys to go through. */
export interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
  /** How many bytes are fetched at once. */
  readonly highWaterMarkBytes?: number;
}

/** Goes through a range as it is when the cursor is made. */
export interface Cursor<T> {
  /** The next ones, at most `size`; none at the end. */
  nextv(size: number): Promise<T[]>;
  close(): Promise<void>;
}

/** How many records are fetched at once, where they are small. */
export const PAGE = 1000;

/** All of a range, page by page. The cursor is closed whatever happens. */
export async function* through<T>(cursor: Cursor<T>, size: number = PAGE): AsyncGenerator<T[], void, undefined> {
  try {
    for (;;) {
      const page = await cursor.nextv(size);
      if (page.length === 0) return;
      yield page;
    }
  } finally {
    await cursor.close();
  }
}

/** The first of a range. */
export async function firstOf<T>(cursor: Cursor<T>): Promise<T | undefined> {
  try {
    return (await cursor.nextv(1))[0];
  } finally {
    await cursor.close();
  }
}
