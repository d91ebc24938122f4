import type { ReadableStreamLike } from 'rxjs';

/** An input that can wait: it gives one item when it is asked to. */
export interface Pullable<T> {
  /** The next item, at once or later. */
  next(): IteratorResult<T, unknown> | PromiseLike<IteratorResult<T, unknown>>;
  /** Nothing more is wanted. */
  return(): unknown;
}

/** What `input` gives on demand; `undefined` when it can't wait. */
export function pullable<T>(input: unknown): Pullable<T> | undefined {
  if (typeof input === 'string') return fromIterator((input as unknown as Iterable<T>)[Symbol.iterator]());
  if (typeof input !== 'object' || input === null || 'subscribe' in input) return undefined;
  if (isReadableStream<T>(input)) return fromReader(input.getReader() as unknown as Reader<T>);
  if (Symbol.asyncIterator in input) return fromIterator((input as AsyncIterable<T>)[Symbol.asyncIterator]());
  if (Symbol.iterator in input) return fromIterator((input as Iterable<T>)[Symbol.iterator]());
  return undefined;
}

interface Reader<T> {
  read(): PromiseLike<{ done: boolean; value?: T | undefined }>;
  cancel(): PromiseLike<void>;
}

function isReadableStream<T>(input: object): input is ReadableStreamLike<T> {
  return 'getReader' in input && typeof input.getReader === 'function';
}

function fromIterator<T>(iterator: Iterator<T> | AsyncIterator<T>): Pullable<T> {
  return {
    next: () => iterator.next(),
    return: () => iterator.return?.(),
  };
}

function fromReader<T>(reader: Reader<T>): Pullable<T> {
  return {
    next: () => reader.read() as PromiseLike<IteratorResult<T>>,
    return: () => reader.cancel(),
  };
}
