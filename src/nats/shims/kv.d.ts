// What is used here of @nats-io/kv: see jetstream.d.ts.
import type { JetStreamClient } from './jetstream.js';

export interface KvEntry {
  readonly revision: number;
  readonly operation: 'PUT' | 'DEL' | 'PURGE';
  readonly value: Uint8Array;
}

export interface KV {
  get(key: string): Promise<KvEntry | null>;
  create(key: string, value: Uint8Array): Promise<number>;
  update(key: string, value: Uint8Array, revision: number): Promise<number>;
  delete(key: string): Promise<void>;
  keys(filter?: string): Promise<AsyncIterable<string>>;
}

export declare class Kvm {
  constructor(client: JetStreamClient);
  create(bucket: string): Promise<KV>;
}
