import type { JetStreamClient } from '@nats-io/jetstream';
import type { KV, KvEntry } from '@nats-io/kv';
import { assertForward } from '../log/checkpoint-order.js';
import type { Checkpoint, CheckpointName } from '../log/event-log.js';
import { CheckpointDamagedError } from '../log/store-errors.js';
import { codeOf, WRONG_LAST_SEQUENCE } from './failure.js';
import { loadKv } from './peers.js';
import { decodePayload } from './payload.js';
import type { Stream } from './stream.js';

/** Checkpoints in a bucket beside the stream. The revision of a key is the fence between those who save (law 45). */
export class Checkpoints {
  readonly #client: JetStreamClient;
  readonly #stream: Stream;
  /** Keys of another stream of the same name are others. */
  readonly #prefix: string;
  #bucket: Promise<KV> | undefined;

  constructor(client: JetStreamClient, stream: Stream) {
    this.#client = client;
    this.#stream = stream;
    this.#prefix = `${stream.created.replace(/\W/g, '-')}.`;
  }

  async load(name: string): Promise<Checkpoint | undefined> {
    return this.#checkpointOf(name, await this.#get(name));
  }

  async save(name: string, checkpoint: Checkpoint, payload: Uint8Array): Promise<void> {
    const bucket = await this.#open();
    const key = this.#keyOf(name);
    for (;;) {
      const entry = await this.#get(name);
      assertForward(name, checkpoint, this.#checkpointOf(name, entry));
      try {
        await (entry === undefined ? bucket.create(key, payload) : bucket.update(key, payload, entry.revision));
        return;
      } catch (error) {
        // Another one was saved meanwhile: perhaps it is further.
        if (codeOf(error) !== WRONG_LAST_SEQUENCE) throw error;
      }
    }
  }

  async names(): Promise<readonly CheckpointName[]> {
    const names: string[] = [];
    for await (const key of await (await this.#open()).keys(`${this.#prefix}>`)) {
      names.push(unescaped(key.slice(this.#prefix.length)));
    }
    const all = await Promise.all(names.map(async (name) => ({ name, saved: await this.load(name) })));
    return all.flatMap(({ name, saved }) => (saved === undefined ? [] : [{ name, ts: saved.ts }]));
  }

  async forget(name: string): Promise<void> {
    if ((await this.#get(name)) !== undefined) await (await this.#open()).delete(this.#keyOf(name));
  }

  async #get(name: string): Promise<KvEntry | undefined> {
    const entry = await (await this.#open()).get(this.#keyOf(name));
    return entry?.operation === 'PUT' ? entry : undefined;
  }

  #checkpointOf(name: string, entry: KvEntry | undefined): Checkpoint | undefined {
    if (entry === undefined) return undefined;
    try {
      return decodePayload(entry.value) as Checkpoint;
    } catch (error) {
      throw new CheckpointDamagedError(this.#stream.name, name, error);
    }
  }

  #keyOf(name: string): string {
    return this.#prefix + escaped(name);
  }

  /** The bucket is made with the first checkpoint, or the first that is looked for. */
  #open(): Promise<KV> {
    this.#bucket ??= loadKv()
      .then(({ Kvm }) => new Kvm(this.#client).create(`${escaped(this.#stream.name).replace(/=/g, '_')}_checkpoints`))
      .catch((error: unknown) => {
        this.#bucket = undefined;
        throw error;
      });
    return this.#bucket;
  }
}

/** A name in the characters that a key may have. */
function escaped(name: string): string {
  return name.replace(/[^\w-]/g, (unit) => `=${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function unescaped(key: string): string {
  return key.replace(/=(....)/g, (_, unit: string) => String.fromCharCode(parseInt(unit, 16)));
}
