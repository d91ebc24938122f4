// What is used here of @nats-io/jetstream: its own types do not compile without `skipLibCheck`.
export interface JetStreamOptions {
  readonly timeout?: number;
  readonly checkAPI?: boolean;
}

export interface StreamConfig {
  readonly name: string;
  readonly subjects: string[];
  readonly retention: string;
  readonly discard: string;
  readonly max_msg_size: number;
  readonly duplicate_window: number;
  readonly no_ack?: boolean;
  readonly mirror?: { readonly name: string };
  readonly sources?: readonly object[];
}

export interface StreamInfo {
  readonly config: StreamConfig;
  readonly created: string;
  readonly state: { readonly first_seq: number; readonly last_seq: number };
}

export interface JetStreamManager {
  readonly streams: {
    info(name: string): Promise<StreamInfo>;
    add(config: { name: string; subjects: string[]; duplicate_window?: number }): Promise<StreamInfo>;
    purge(name: string, options: { seq: number }): Promise<unknown>;
  };
}

export interface PubAck {
  readonly stream: string;
  readonly seq: number;
  readonly duplicate: boolean;
}

export interface JetStreamClient {
  readonly consumers: {
    get(stream: string, options: { opt_start_seq: number; filter_subjects?: string | string[] }): Promise<Consumer>;
  };
  publish(
    subject: string,
    payload?: Uint8Array | string,
    options?: { msgID?: string; expect?: { lastSequence: number } },
  ): Promise<PubAck>;
}

export interface ConsumerInfo {
  readonly name: string;
  readonly num_pending: number;
  readonly delivered: { readonly consumer_seq: number };
}

export interface Consumer {
  info(cached?: boolean): Promise<ConsumerInfo>;
  consume(options: {
    max_messages: number;
    expires: number;
    idle_heartbeat: number;
    callback: (message: JsMsg) => void;
  }): Promise<ConsumerMessages>;
  fetch(options: { max_messages: number; expires: number }): Promise<ConsumerMessages>;
  delete(): Promise<boolean>;
}

export interface JsMsg {
  readonly subject: string;
  readonly seq: number;
  readonly data: Uint8Array;
  readonly info: { readonly consumer: string; readonly deliverySequence: number; readonly pending: number };
}

export interface ConsumerMessages extends AsyncIterable<JsMsg> {
  status(): AsyncIterable<ConsumerNotification>;
  stop(error?: Error): void;
  closed(): Promise<unknown>;
}

export type ConsumerNotification =
  | { readonly type: 'heartbeat'; readonly lastConsumerSequence: number; readonly lastStreamSequence: number }
  | {
      readonly type:
        | 'next'
        | 'debug'
        | 'discard'
        | 'flow_control'
        | 'consumer_pinned'
        | 'consumer_unpinned'
        | 'heartbeats_missed'
        | 'consumer_not_found'
        | 'stream_not_found'
        | 'consumer_deleted'
        | 'ordered_consumer_recreated'
        | 'exceeded_limits'
        | 'reset'
        | 'no_responders';
    };

export declare function jetstream(connection: object, options?: JetStreamOptions): JetStreamClient;
export declare function jetstreamManager(connection: object, options?: JetStreamOptions): Promise<JetStreamManager>;
