import { equal } from '../assert.js';
import { aWhile, Recorder, type TestWithLine } from './recorder.js';

/** A line that is closed is closed on both sides, and everybody is told once. */
export function describeClosing(test: TestWithLine): void {
  test('both sides are told once that it is closed, after what was posted before', async (speaker, listener) => {
    const spoken = new Recorder(speaker);
    const heard = new Recorder(listener);
    for (let i = 0; i < 50; i++) speaker.post(i);
    speaker.close();
    for (const end of [heard, spoken]) await end.hasEnded();
    await aWhile();

    equal(heard.told, [...Array.from({ length: 50 }, () => 'frame'), 'end'], 'what the other side was told');
    equal(spoken.told, ['end'], 'what this side was told');
  });

  test('who closes is told its own reason', async (speaker) => {
    const spoken = new Recorder(speaker);
    const reason = new Error('enough');
    speaker.close(reason);
    await spoken.hasEnded();

    equal([spoken.ends.length, spoken.ends[0] === reason], [1, true], 'how often it was told, and whether its reason');
  });

  test('after it was closed nothing is sent, and nothing arrives', async (speaker, listener) => {
    const spoken = new Recorder(speaker);
    const heard = new Recorder(listener);
    listener.post('on its way');
    speaker.close();
    speaker.post('too late');
    await heard.hasEnded();
    listener.post('too late');
    speaker.post('too late');
    await aWhile();

    equal([heard.frames, spoken.frames], [[], []], 'what arrived');
  });

  test('closing again, and from both sides, does nothing more', async (one, other) => {
    const ends = [new Recorder(one), new Recorder(other)];
    one.close('first');
    one.close('second');
    other.close('third');
    for (const end of ends) await end.hasEnded();
    one.close();
    other.close();
    await aWhile();

    equal(
      ends.map(({ told }) => told),
      [['end'], ['end']],
      'what each was told',
    );
    equal(ends[0]!.ends, ['first'], 'the reason');
  });

  test('who closes is told later, not from inside close', async (speaker) => {
    const spoken = new Recorder(speaker);
    speaker.close();

    equal(spoken.told, [], 'what it was told before close has returned');
    await spoken.hasEnded();
  });

  test('who asks for the end when it was long ago is told, and what came before it first', async (speaker, listener) => {
    speaker.post('last words');
    speaker.close();
    await aWhile();
    const heard = new Recorder(listener);
    const spoken = new Recorder(speaker);
    for (const end of [heard, spoken]) await end.hasEnded();

    equal(heard.told, ['frame', 'end'], 'what the other side was told');
  });

  test('a line can be closed from its own handlers', async (speaker, listener) => {
    let frames = 0;
    const ended = new Promise<void>((resolve) => {
      listener.onframe = () => {
        frames++;
        listener.close();
      };
      listener.onclose = () => {
        listener.close();
        resolve();
      };
    });
    for (let i = 0; i < 10; i++) speaker.post(i);
    await ended;
    await aWhile();

    equal(frames, 1, 'how many frames arrived');
  });
}
