// What is used here of classic-level, whose own types need those of Node.
import type { Store } from '../store.js';

export declare class ClassicLevel<K, V> {
  constructor(
    location: string,
    options: {
      readonly keyEncoding: K extends string ? 'utf8' : never;
      readonly valueEncoding: V extends Uint8Array ? 'view' : never;
    },
  );
  static repair(location: string): Promise<void>;
  open(options: { readonly createIfMissing: boolean }): Promise<void>;
  get: Store['get'];
  batch: Store['batch'];
  iterator: Store['iterator'];
  keys: Store['keys'];
  close(): Promise<void>;
}
