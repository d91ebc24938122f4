import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { delay, of } from 'rxjs';
import { concatMapValue, optimistic, projection, type Timestamp } from 'rxjs-clocked-dispatch';
import { toClockedSignal } from 'rxjs-clocked-dispatch/angular';
import { applyHold, parse } from './command';
import { CommandLog, LogState } from './command-log';

const SLOWNESS = 1500;

/**
 * Event sourcing: what is shown is what commands add up to, in every tab. A command is shown at once, as it is sent through an
 * optimistic view, and its line is saved when every projection has it.
 */
@Component({
  selector: 'desk-log',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './log.html',
  styleUrl: './log.css',
})
export class Log {
  readonly #commands = inject(CommandLog).commands;
  readonly #log = inject(CommandLog).views;
  protected readonly state = inject(LogState);
  protected readonly slow = signal(false);
  /** What was there when this page was opened. */
  readonly #restored = this.#log.restored;

  /** The airports on hold, as slow as the reader wants them. */
  readonly #holding = projection(
    this.#log.holds.pipe(
      concatMapValue((airports) => (this.slow() ? of(airports).pipe(delay(SLOWNESS)) : of(airports))),
    ),
    { initial: this.#log.holds.value, apply: (_, airports) => airports },
  );
  /** The same, with what was sent and isn't there yet. */
  readonly #holdingNow = optimistic(this.#holding, { apply: applyHold });

  readonly #journal = toClockedSignal(this.#log.journal, { initialClock: this.#restored });
  readonly #holds = toClockedSignal(this.#holdingNow, { initialClock: this.#restored });
  readonly #notes = toClockedSignal(this.#log.notes, { initialClock: this.#restored });
  /** Up to where every projection has everything. */
  readonly #saved = computed(() => Math.min(this.#journal.clock(), this.#holds.clock(), this.#notes.clock()));

  protected readonly projections = computed(() => [
    { name: 'On disk', text: `up to #${this.#journal.clock()}`, clock: this.#journal.clock() },
    { name: 'On hold', text: this.#holdsText(), clock: this.#holds.clock() },
    { name: 'Notes', text: String(this.#notes.value()), clock: this.#notes.clock() },
  ]);

  protected readonly lines = computed(() =>
    this.#journal.value().map(({ ts, text }) => {
      const state = ts <= this.#restored ? 'restored' : ts <= this.#saved() ? 'saved' : 'waiting';
      return { ts, text, state } as const;
    }),
  );

  readonly #sent = signal<Timestamp | undefined>(undefined);
  protected readonly announcement = computed(() => {
    const ts = this.#sent();
    return ts !== undefined && ts <= this.#saved() ? `number ${ts} is saved` : '';
  });

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
    this.#sent.set(await this.#holdingNow.send(this.#commands, command));
  }

  protected reload(): void {
    location.reload();
  }

  /** To forget is a command, too: every tab does it, and numbers are never given out again. */
  protected async forget(): Promise<void> {
    await this.#commands.send({ kind: 'forget' });
  }
}
