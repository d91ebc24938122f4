import type { Action, Answer, Op, Outcome, Recording } from './records.js';

/** Something that plays the steps of a script: the crate's model, our model, or the engine. */
export interface Player {
  play(action: Action): void;
  recv(receiver: string): Answer;
}

/** Plays a script to its end: every step, the last senders leaving, then what every receiver still yields. */
export function replay(script: Recording, player: Player): Outcome {
  const results: Answer[] = [];
  for (const op of script.ops) {
    if (op.op === 'recv') results.push(player.recv(op.receiver));
    else player.play(op);
  }
  for (const sender of script.finalDrops) player.play({ op: 'drop_sender', sender });

  const drained: Record<string, Answer[]> = {};
  const closed: Record<string, string> = {};
  for (const receiver of remaining(script.ops)) {
    const answers: Answer[] = [];
    let answer = player.recv(receiver);
    for (; typeof answer !== 'string'; answer = player.recv(receiver)) answers.push(answer);
    drained[receiver] = answers;
    closed[receiver] = answer;
  }
  return { results, drained, closed };
}

/** The receivers that never left. */
function remaining(ops: readonly Op[]): string[] {
  const names = new Set<string>();
  for (const op of ops) {
    if (op.op === 'new') names.add(op.receiver);
    if (op.op === 'drop_receiver') names.delete(op.receiver);
  }
  return [...names];
}
