import type { Forwarder, Sender } from 'rxjs-clocked-dispatch';
import { BOARDS, REGIONS, type Flight } from '../flights/flight';
import type { Timetable } from '../flights/timetable';
import type { Settings } from './settings';
import type { Timeline } from './timeline';
import { Track } from './track';

/** What a user has done to a source. `paused`: it keeps its reports for later. `silent`: it has none. */
export type FeedState = 'live' | 'paused' | 'silent';

/** After this many milliseconds a source reports what it has, be it ever so little. */
const PATIENCE = 1000;

/** How a message enters the dispatcher: accepted at a position of the stage, refused, or to be tried again. */
export type Entry = (flight: Flight) => number | 'refused' | 'full';

/** One source: reads its flights off the timetable, late as its line is, and sends them. */
export class Feed {
  /** How many flights it has dealt with. */
  #cursor: number;
  /** How many have happened by now. */
  #due: number;
  #reported = 0;
  #horizon = 0;
  /** Whether the dispatcher had no room for its next message at the end of the last frame. */
  blocked = false;

  constructor(
    readonly region: number,
    readonly timetable: Timetable,
    readonly track: Track,
    start: number,
    private readonly enter: Entry,
    private readonly promise: (horizon: number) => void,
  ) {
    this.#cursor = timetable.countBefore(region, start);
    this.#due = this.#cursor;
  }

  /** Reports that have happened and were not sent yet. */
  get waiting(): number {
    return this.#due - this.#cursor;
  }

  /** The flight that it would send next. */
  get next(): number {
    return this.timetable.indexOf(this.region, this.#cursor);
  }

  /** Time has come to `playhead`: whether there is something to send. */
  advance(playhead: number, state: FeedState, now: number): boolean {
    const { lag, batch } = REGIONS[this.region]!;
    this.#horizon = Math.max(this.#horizon, Math.floor(playhead - lag));
    this.#due = Math.max(this.#cursor, this.timetable.countBefore(this.region, this.#horizon + 1));
    if (state === 'silent') this.#cursor = this.#due;
    if (state !== 'live') return (this.blocked = false);
    if (this.waiting < batch && now - this.#reported < PATIENCE && !this.blocked) return false;
    this.#reported = now;
    return true;
  }

  /** Sends up to `portion` messages; whether it may go on. */
  send(portion: number, arrived: (flight: Flight, position: number) => void): boolean {
    this.blocked = false;
    for (let sent = 0; sent < portion; sent++) {
      if (this.waiting === 0) {
        this.promise(this.#horizon);
        return false;
      }
      const flight = this.timetable.at(this.next);
      const position = this.enter(flight);
      this.blocked = position === 'full';
      if (position === 'full') return false;
      this.#cursor++;
      if (position !== 'refused') arrived(flight, position);
    }
    return true;
  }
}

/** The boards that a flight is for, by name, and as bits. */
export function boardsOf(flight: Flight): string[] {
  return BOARDS.filter(({ wants }) => wants(flight)).map(({ name }) => name);
}

export function boardBitsOf(flight: Flight): number {
  return BOARDS.reduce((bits, { wants }, board) => (wants(flight) ? bits | (1 << board) : bits), 0);
}

/** A sender of a serializing dispatcher as an entry. */
export function entryOfSender(sender: Sender<Flight>, { overflow }: Settings, clock: () => number): Entry {
  return (flight) => {
    if (overflow === 'wait') {
      const result = sender.trySend(flight);
      return result.ok ? result.ts : result.reason === 'full' ? 'full' : 'refused';
    }
    sender.next(flight);
    return clock();
  };
}

/** A sender of a forwarding dispatcher as an entry. */
export function entryOfForwarder(sender: Forwarder<Flight>, { overflow }: Settings, timeline: Timeline): Entry {
  return (flight) => {
    const ts = timeline.stampOf(flight);
    if (overflow === 'wait') {
      const result = sender.tryForward(flight, ts);
      return result.ok ? flight.index + 1 : result.reason === 'full' ? 'full' : 'refused';
    }
    sender.next([flight, ts]);
    return flight.index + 1;
  };
}
