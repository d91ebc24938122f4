import type { EventLog } from 'rxjs-clocked-dispatch/log';

/** A log that is another one, but for what `own` says. */
export function logOver<E>(inner: EventLog<E>, own: Partial<EventLog<E>>): EventLog<E> {
  return {
    id: inner.id,
    dense: inner.dense,
    atomic: inner.atomic,
    get last() {
      return inner.last;
    },
    get trimmed() {
      return inner.trimmed;
    },
    head: () => inner.head(),
    append: (entries, options) => inner.append(entries, options),
    read: (after, limit) => inner.read(after, limit),
    trim: (upTo) => inner.trim(upTo),
    load: (name) => inner.load(name),
    save: (name, checkpoint) => inner.save(name, checkpoint),
    checkpoints: () => inner.checkpoints(),
    forget: (name) => inner.forget(name),
    close: () => inner.close(),
    ...own,
  };
}
