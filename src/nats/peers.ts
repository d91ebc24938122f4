import { MissingPeerError } from '../log/store-errors.js';

const RANGE = '3';

/** Loads `@nats-io/jetstream`. */
export async function loadJetStream(): Promise<typeof import('@nats-io/jetstream')> {
  try {
    return await import('@nats-io/jetstream');
  } catch (error) {
    throw new MissingPeerError('@nats-io/jetstream', RANGE, 'openJetStreamLog', error);
  }
}

/** Loads `@nats-io/kv`, which only checkpoints need. */
export async function loadKv(): Promise<typeof import('@nats-io/kv')> {
  try {
    return await import('@nats-io/kv');
  } catch (error) {
    throw new MissingPeerError('@nats-io/kv', RANGE, 'a checkpoint in JetStream', error);
  }
}
