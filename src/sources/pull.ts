import { InvalidSourceError } from '../errors/inputs.js';
import { PUT_BACK } from '../dispatch/receivers/iterate.js';

/** An input that can wait: it gives one item when it is asked to. */
export interface Pullable<T> {
  /** Whether an item may come later than it is asked for. */
  readonly isAsync: boolean;
  /** The next item, at once or later. */
  next(): IteratorResult<T, unknown> | PromiseLike<IteratorResult<T, unknown>>;
  /** Nothing more is wanted. */
  return(): unknown;
  /** It has ended by itself. */
  ended(): void;
  /** An item could not be used: true where the input takes it back. */
  putBack(item: T): void;
}

/** What `input` gives on demand; `undefined` where it can't wait. */
export function pullable<T>(source: string, input: unknown): Pullable<T> | undefined {
  if (typeof input === 'string')
    return fromIterator(source, (input as unknown as Iterable<T>)[Symbol.iterator](), false);
  if (typeof input !== 'object' || input === null || 'subscribe' in input) return undefined;
  if (isReadableStream<T>(input)) return fromReader(source, input.getReader());
  if (Symbol.asyncIterator in input) {
    return fromIterator(source, (input as AsyncIterable<T>)[Symbol.asyncIterator](), true);
  }
  if (Symbol.iterator in input) return fromIterator(source, (input as Iterable<T>)[Symbol.iterator](), false);
  return undefined;
}

interface Reader<T> {
  read(): PromiseLike<{ done: boolean; value?: T | undefined }>;
  cancel(): PromiseLike<void>;
  releaseLock?(): void;
}

function isReadableStream<T>(input: object): input is { getReader(): Reader<T> } {
  return 'getReader' in input && typeof input.getReader === 'function';
}

function fromIterator<T>(source: string, iterator: Iterator<T> | AsyncIterator<T>, isAsync: boolean): Pullable<T> {
  if (typeof (iterator as Partial<Iterator<T>> | undefined)?.next !== 'function') {
    throw new InvalidSourceError(source, iterator);
  }
  return {
    isAsync,
    next: () => iterator.next(),
    return: () => iterator.return?.(),
    ended: () => undefined,
    putBack: (item) => (iterator as { [PUT_BACK]?: (item: T) => void })[PUT_BACK]?.(item),
  };
}

function fromReader<T>(source: string, reader: Reader<T>): Pullable<T> {
  if (typeof (reader as Partial<Reader<T>> | undefined)?.read !== 'function') {
    throw new InvalidSourceError(source, reader);
  }
  const unlock = (): void => reader.releaseLock?.();
  return {
    isAsync: true,
    next: () => reader.read() as PromiseLike<IteratorResult<T>>,
    // Also where the stream fails over being cancelled.
    return: () => reader.cancel().then(unlock, unlock),
    ended: unlock,
    putBack: () => undefined,
  };
}
