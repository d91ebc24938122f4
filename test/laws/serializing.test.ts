import { createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { isPending, rejection, turn } from '../support/async.js';
import { pullAll } from '../support/receivers.js';
import { sorted } from '../support/sorted.js';

describe('law 5: a timestamp is assigned when the message is accepted, not while it waits', () => {
  test('law 5: a seed may be negative', () => {
    const [sender, receiver] = createDispatcher<string>(serialize({ seed: -2 })).channel('s', 'r');

    expect(['a', 'b', 'c'].map((value) => sender.trySend(value))).toEqual([-1, 0, 1].map((ts) => ({ ok: true, ts })));
    expect(pullAll(receiver).map(([, ts]) => ts)).toEqual([-1, 0, 1]);
  });

  test('law 5: the first timestamp is seed + 1', () => {
    const dispatcher = createDispatcher<string>(serialize({ seed: 69105 }));
    const [sender, receiver] = dispatcher.channel('s', 'r');

    expect(dispatcher.clock).toBe(69105);
    expect(sender.trySend('a')).toEqual({ ok: true, ts: 69106 });
    expect(dispatcher.clock).toBe(69106);
    expect(pullAll(receiver)).toEqual([['a', 69106]]);
  });

  test('law 5: a message that waits is overtaken by the timestamps of others', async () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const [slow, full] = dispatcher.channel('slow', 'full');
    const [quick, roomy] = dispatcher.channel('quick', 'roomy', { bound: 8 });

    expect(await slow.send('s1')).toBe(1);
    const waiting = slow.send('s2');
    expect(await isPending(waiting)).toBe(true);
    expect(quick.trySend('q1')).toEqual({ ok: true, ts: 2 });
    expect(quick.trySend('q2')).toEqual({ ok: true, ts: 3 });

    expect(full.tryReceive()).toEqual(['s1', 1]);
    expect(await waiting).toBe(4);
    expect(pullAll(full)).toEqual([['s2', 4]]);
    expect(pullAll(roomy)).toEqual([
      ['q1', 2],
      ['q2', 3],
      [null, 4],
    ]);
  });

  test('law 5: a message that is refused takes no timestamp', () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    sender.next('a');

    for (let i = 0; i < 3; i++) expect(sender.trySend('b')).toEqual({ ok: false, reason: 'full' });
    expect(receiver.tryReceive()).toEqual(['a', 1]);

    expect(sender.trySend('b')).toEqual({ ok: true, ts: 2 });
  });

  test('law 5: a message whose sender gave up waiting takes no timestamp', async () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    await sender.send('a');
    const abort = new AbortController();
    const given = sender.send('given up', { signal: abort.signal });
    const kept = sender.send('kept');

    abort.abort(new Error('enough'));

    expect(await rejection(given)).toEqual(new Error('enough'));
    expect(receiver.tryReceive()).toEqual(['a', 1]);
    expect(await kept).toBe(2);
    expect(pullAll(receiver)).toEqual([['kept', 2]]);
  });

  test('law 5: a signal that has fired already refuses at once', async () => {
    const [sender, receiver] = createDispatcher<string>(serialize()).channel('s', 'r');

    const error = await rejection(sender.send('a', { signal: AbortSignal.abort(new Error('before')) }));

    expect(error).toEqual(new Error('before'));
    expect(pullAll(receiver)).toEqual([]);
    expect(sender.trySend('b')).toEqual({ ok: true, ts: 1 });
  });

  test('law 5: the timestamps of all messages together have no gaps', async () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const senders = ['a', 'b', 'c'].map((name) => dispatcher.channel(name, `to ${name}`));
    const everybody = dispatcher.broadcaster('all');
    const stamps: number[] = [];
    const sent = senders.flatMap(([sender]) => [1, 2, 3].map((i) => sender.send(`${sender.name}${i}`)));
    sent.push(everybody.send('last'));
    for (const promise of sent) void promise.then((ts) => stamps.push(ts));

    while (stamps.length < sent.length) {
      for (const [, receiver] of senders) receiver.tryReceive();
      await turn();
    }

    expect(sorted(stamps)).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
    expect(dispatcher.clock).toBe(10);
  });

  test('law 5: messages of one receiver are accepted in the order in which they were sent', async () => {
    const dispatcher = createDispatcher<number>(serialize(), { bound: 1 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const clone = sender.clone('t');
    const stamps = Promise.all([sender.send(0), sender.send(1), clone.send(2), sender.send(3)]);

    const received = [];
    for (let i = 0; i < 4; i++) received.push(await receiver.receive());

    expect(await stamps).toEqual([1, 2, 3, 4]);
    expect(received).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });

  test('law 5: trySend does not overtake those who wait', async () => {
    const dispatcher = createDispatcher<string>(serialize(), { bound: 1 });
    const [sender, receiver] = dispatcher.channel('s', 'r');
    await sender.send('first');
    const waiting = sender.send('waiting');

    expect(receiver.tryReceive()).toEqual(['first', 1]);
    expect(sender.trySend('hasty')).toEqual({ ok: false, reason: 'full' });
    expect(await waiting).toBe(2);
  });

  test('law 5: next and send after leaving, and to nobody, are told apart', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [sender, receiver] = dispatcher.channel('s', 'r');
    receiver.close();

    expect(sender.trySend('nobody there')).toEqual({ ok: false, reason: 'no-receiver' });
    expect(dispatcher.clock).toBe(1);
    sender.complete();
    expect(sender.trySend('gone')).toEqual({ ok: false, reason: 'closed' });
    expect(dispatcher.clock).toBe(1);
    expect(await rejection(sender.send('gone'))).toMatchObject({ name: 'ClosedError', closed: 's' });
  });
});
