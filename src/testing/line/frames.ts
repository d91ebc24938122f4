import { equal } from '../assert.js';
import { aWhile, Recorder, type TestWithLine, until } from './recorder.js';

const MANY = 2000;

/** Frames arrive whole, once, and in order. */
export function describeFrames(test: TestWithLine): void {
  test('a frame arrives as it was', async (speaker, listener) => {
    const frames = [
      ['hello', { version: 1, names: ['a', 'b'], nested: [[], {}, [null]] }],
      { '': 'empty', line: 'x', yes: true, no: null },
      'é \u0000 \u2028 "\\" 😀',
      [0, -1, 1.5, 1e300, Number.MAX_SAFE_INTEGER],
      7,
      '',
      null,
      [],
    ];
    const heard = new Recorder(listener);
    for (const frame of frames) speaker.post(frame);
    await heard.has(frames.length);

    equal(heard.frames, frames, 'what arrived');
  });

  test('frames arrive in order, each once', async (speaker, listener) => {
    const heard = new Recorder(listener);
    for (let i = 0; i < MANY; i++) speaker.post([i]);
    await heard.has(MANY);
    await aWhile();

    equal(heard.frames, numbered(MANY), 'what arrived');
    equal(heard.ends, [], 'what onclose was told');
  });

  test('both sides may speak at once', async (one, other) => {
    const ends = [new Recorder(one), new Recorder(other)];
    for (let i = 0; i < 100; i++) {
      one.post([i]);
      other.post([i]);
    }
    for (const end of ends) await end.has(100);

    for (const { frames } of ends) equal(frames, numbered(100), 'what arrived');
  });

  test('what is posted from a handler comes behind what was posted before', async (speaker, listener) => {
    const answered = new Recorder(speaker);
    listener.onframe = (frame) => {
      listener.post(frame);
      listener.post('again');
    };
    for (let i = 0; i < 10; i++) speaker.post(i);
    await answered.has(20);

    equal(
      answered.frames,
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? i / 2 : 'again')),
      'the answers',
    );
  });

  test('frames that arrive before onframe is set wait for it, in order', async (speaker, listener) => {
    for (let i = 0; i < 10; i++) speaker.post([i]);
    await aWhile();
    const heard = new Recorder(listener);
    for (let i = 10; i < 20; i++) speaker.post([i]);
    await heard.has(20);
    await aWhile();

    equal(heard.frames, numbered(20), 'what arrived');
  });

  test('frames that waited are not delivered from inside the setter of onframe', async (speaker, listener) => {
    speaker.post('early');
    await aWhile();
    let set = false;
    const delivered: boolean[] = [];
    listener.onframe = () => delivered.push(set);
    set = true;
    await until(
      () => delivered.length > 0,
      () => 'the frame that waited has not come',
    );

    equal(delivered, [true], 'whether the setter had returned');
  });

  test('a big frame arrives whole, and those around it in order', async (speaker, listener) => {
    const big = { text: 'x'.repeat(1_000_000), list: Array.from({ length: 50_000 }, (_, i) => i) };
    const heard = new Recorder(listener);
    speaker.post('before');
    speaker.post(big);
    speaker.post('behind');
    await heard.has(3);

    equal(heard.frames, ['before', big, 'behind'], 'what arrived');
  });

  test('post never throws, whatever it is given, and what it can not send is not sent in parts', async (speaker, listener) => {
    const heard = new Recorder(listener);
    const spoken = new Recorder(speaker);
    speaker.post('before');
    speaker.post(['cannot', Symbol('be sent'), () => {}]);
    // Lines within a process may well deliver it; others close.
    await aWhile();
    if (spoken.ends.length === 0) await heard.has(2);
    else await heard.hasEnded();

    equal(heard.frames[0], 'before', 'the frame before');
    equal(heard.frames.length, spoken.ends.length === 0 ? 2 : 1, 'how many frames arrived');
  });
}

function numbered(count: number): number[][] {
  return Array.from({ length: count }, (_, i) => [i]);
}
