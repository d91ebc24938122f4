import { ChangeDetectionStrategy, Component, computed, inject, InjectionToken, signal } from '@angular/core';
import { delay, of, ReplaySubject, share, type MonoTypeOperatorFunction } from 'rxjs';
import { concatMapValue, createDispatcher, scanValue, serialize, whenClock, type SerializingDispatcher, type Timestamp } from 'rxjs-clocked-dispatch';
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

/** Event sourcing: commands go through `send()`, projections are receivers, and a line is saved when all have seen it. */
@Component({
  selector: 'desk-log',
  changeDetection: ChangeDetectionStrategy.OnPush,
  providers: [
    provideDispatcher(COMMANDS, () => createDispatcher<Command>(serialize({ seed: inject(Journal).last }))),
  ],
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

  readonly #stored$ = injectReceiver(COMMANDS, 'journal').pipe(
    concatMapValue((command, ts) => this.#journal.append({ ts, command })),
    shareLatest(),
  );
  readonly #holds$ = injectReceiver(COMMANDS, 'holds').pipe(
    concatMapValue((command) => of(command).pipe(delay(this.slow() ? SLOWNESS : 0))),
    scanValue(applyHold, this.#held),
    shareLatest(),
  );
  readonly #notes$ = injectReceiver(COMMANDS, 'notes').pipe(scanValue(countNote, this.#noted), shareLatest());

  readonly #stored = toClockedSignal(this.#stored$, { initialClock: this.#seed });
  readonly #holds = toClockedSignal(this.#holds$, { initialClock: this.#seed, initialValue: this.#held });
  readonly #notes = toClockedSignal(this.#notes$, { initialClock: this.#seed, initialValue: this.#noted });

  protected readonly projections = computed(() => [
    { name: 'On disk', text: `up to #${this.#stored.clock()}`, clock: this.#stored.clock() },
    { name: 'On hold', text: this.#holds.value().join(', ') || 'no airport', clock: this.#holds.clock() },
    { name: 'Notes', text: String(this.#notes.value()), clock: this.#notes.clock() },
  ]);

  protected readonly lines = signal<readonly Line[]>(
    this.#journal.restored
      .map(({ ts, command }) => ({ ts, text: describe(command), state: 'restored' as const }))
      .reverse(),
  );
  protected readonly announcement = signal('');

  protected async submit(event: Event, field: HTMLInputElement): Promise<void> {
    event.preventDefault();
    const command = parse(field.value);
    if (command === undefined) return;
    field.value = '';
    const ts = await this.#commands.send(command);
    this.lines.update((lines) => [{ ts, text: describe(command), state: 'waiting' }, ...lines]);
    await whenClock(ts, [this.#stored$, this.#holds$, this.#notes$], { strict: true });
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

/** One subscription for all, and its latest message for those who come later: a clock that can be asked at any time. */
function shareLatest<T>(): MonoTypeOperatorFunction<T> {
  return share({ connector: () => new ReplaySubject(1) });
}
