import { ChangeDetectionStrategy, Component, computed, inject, InjectionToken, signal } from '@angular/core';
import { delay, of, startWith } from 'rxjs';
import {
  consume,
  createDispatcher,
  optimistic,
  projection,
  serialize,
  whenClock,
  type Clocked,
  type SerializingDispatcher,
  type Timestamp,
} from 'rxjs-clocked-dispatch';
import { injectReceiver, injectSender, provideDispatcher, toClockedSignal } from 'rxjs-clocked-dispatch/angular';
import { applyHold, countNote, describe, parse, type Command } from './command';
import { Journal } from './journal';

/** The desk's own commands: a dispatcher that goes on counting where the journal ends. */
export const COMMANDS = new InjectionToken<SerializingDispatcher<Command>>('COMMANDS');

/** A line of the log. */
interface Line {
  readonly ts: Timestamp;
  readonly text: string;
  readonly state: 'waiting' | 'saved' | 'restored';
}

const SLOWNESS = 1500;

/**
 * Event sourcing: what is shown is what commands add up to. A command is shown at once, as it is sent through an optimistic
 * view, and its line is saved when every receiver is done with it.
 */
@Component({
  selector: 'desk-log',
  changeDetection: ChangeDetectionStrategy.OnPush,
  providers: [provideDispatcher(COMMANDS, () => createDispatcher<Command>(serialize({ seed: inject(Journal).last })))],
  templateUrl: './log.html',
  styleUrl: './log.css',
})
export class Log {
  readonly #journal = inject(Journal);
  readonly #commands = injectSender(COMMANDS, 'desk', {
    to: ({ kind }: Command) => (kind === 'note' ? ['journal', 'notes'] : ['journal', 'holds']),
  });
  protected readonly slow = signal(false);
  readonly #seed = this.#journal.last;
  readonly #held = this.#journal.restored.map(({ command }) => command).reduce(applyHold, []);
  readonly #noted = this.#journal.restored.map(({ command }) => command).reduce(countNote, 0);

  readonly #receivers = {
    journal: injectReceiver(COMMANDS, 'journal'),
    holds: injectReceiver(COMMANDS, 'holds'),
    notes: injectReceiver(COMMANDS, 'notes'),
  };

  /** Work on each command, at least once: the receiver's clock moves on when it is done. */
  readonly #stored$ = consume(this.#receivers.journal, (command, ts) => this.#journal.append({ ts, command }));
  readonly #slowed$ = consume(this.#receivers.holds, (command) => of(command).pipe(delay(this.slow() ? SLOWNESS : 0)));

  readonly #holding = projection(
    // Time has begun: the state that was restored is as of the seed.
    this.#slowed$.pipe(startWith<Clocked<Command>>([null, this.#seed])),
    { initial: this.#held, apply: applyHold },
  );
  /** The same, with what was sent and isn't there yet. */
  readonly #holdingNow = optimistic(this.#holding, { apply: applyHold });
  readonly #noting = projection(this.#receivers.notes, { initial: this.#noted, apply: countNote });

  readonly #stored = toClockedSignal(this.#stored$, { initialClock: this.#seed });
  readonly #holds = toClockedSignal(this.#holdingNow, { initialClock: this.#seed, initialValue: this.#held });
  readonly #notes = toClockedSignal(this.#noting, { initialClock: this.#seed, initialValue: this.#noted });

  protected readonly projections = computed(() => [
    { name: 'On disk', text: `up to #${this.#stored.clock()}`, clock: this.#stored.clock() },
    { name: 'On hold', text: this.#holdsText(), clock: this.#holds.clock() },
    { name: 'Notes', text: String(this.#notes.value()), clock: this.#notes.clock() },
  ]);

  protected readonly lines = signal<readonly Line[]>(
    this.#journal.restored
      .map(({ ts, command }) => ({ ts, text: describe(command), state: 'restored' as const }))
      .reverse(),
  );
  protected readonly announcement = signal('');

  #holdsText(): string {
    const airports = this.#holds.value().join(', ') || 'no airport';
    const { length } = this.#holdingNow.pending;
    return length === 0 ? airports : `${airports} (${length} under way)`;
  }

  protected async submit(event: Event, field: HTMLInputElement): Promise<void> {
    event.preventDefault();
    const command = parse(field.value);
    if (command === undefined) return;
    field.value = '';
    const ts = await this.#holdingNow.send(this.#commands, command);
    this.lines.update((lines) => [{ ts, text: describe(command), state: 'waiting' }, ...lines]);
    await whenClock(ts, this.#receivers);
    this.lines.update((lines) => lines.map((line) => (line.ts === ts ? { ...line, state: 'saved' } : line)));
    this.announcement.set(`number ${ts} is saved`);
  }

  protected reload(): void {
    location.reload();
  }

  protected async forget(): Promise<void> {
    await this.#journal.clear();
    location.reload();
  }
}
