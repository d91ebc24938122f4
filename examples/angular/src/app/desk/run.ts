import type { Subscription } from 'rxjs';
import {
  createDispatcher,
  frameScheduler,
  sequence,
  serialize,
  watermark,
  type Stats,
  type ForwardingDispatcher,
  type SerializingDispatcher,
} from 'rxjs-clocked-dispatch';
import { BOARDS, REGIONS, type Flight } from '../flights/flight';
import type { Timetable } from '../flights/timetable';
import { boardBitsOf, boardsOf, entryOfForwarder, entryOfSender, Feed, type Entry, type FeedState } from './feed';
import { Outlet, type Pace } from './outlet';
import type { Settings } from './settings';
import { timelineOf, type Timeline } from './timeline';
import { TICK, Track } from './track';

/** Sources take turns, so many messages each. */
const PORTION = 4;

/** What a run has counted. */
export interface Tally {
  /** Flights that came in, and how many of them after a later flight. */
  readonly arrived: number;
  readonly arrivedDisordered: number;
  /** The same, as the board of departures saw them. */
  readonly shown: number;
  readonly shownDisordered: number;
  /** Everything that receivers have emitted, ticks included. */
  readonly emitted: number;
}

/** One dispatcher from its making to its closing, with four sources that feed it and three boards that read it. */
export class Run {
  readonly feeds: readonly Feed[];
  readonly outlets: readonly Outlet[];
  readonly feedTracks: readonly Track[];
  readonly boardTracks: readonly Track[];
  readonly timeline: Timeline;
  readonly late: number[] = REGIONS.map(() => 0);
  readonly #dispatcher: SerializingDispatcher<Flight> | ForwardingDispatcher<Flight>;
  readonly #subscriptions: Subscription[] = [];
  /** Order of arrival by position: a ring. */
  readonly #arrivals = new Uint32Array(1 << 15);
  #latestArrived = -1;
  #latestShown = -1;
  #arrived = 0;
  #arrivedDisordered = 0;
  #shown = 0;
  #shownDisordered = 0;
  #emitted = 0;

  /** Begins where `last` has stopped, and shows what it has shown. */
  constructor(
    readonly settings: Settings,
    readonly timetable: Timetable,
    last?: Run,
  ) {
    const start = last?.stoppedAt ?? 0;
    const listings = BOARDS.map((_, board) => last?.outlets[board]?.listing ?? { flights: [], ts: undefined });
    this.feedTracks = last?.feedTracks ?? REGIONS.map(() => new Track());
    this.boardTracks = last?.boardTracks ?? BOARDS.map(() => new Track());
    for (const track of [...this.feedTracks, ...this.boardTracks]) track.cut(start);
    this.timeline = timelineOf(settings.mode, timetable);
    const { bound, giveUpAfter } = settings;
    const seed = this.timeline.seed(start);
    const common = {
      bound,
      overflow: settings.overflow === 'wait' ? ('error' as const) : settings.overflow,
      ticks: settings.ticks === 'each' ? ('each' as const) : frameScheduler(),
    };

    if (settings.mode === 'serialize') {
      const dispatcher = createDispatcher<Flight>(serialize({ seed }), common);
      this.#dispatcher = dispatcher;
      this.outlets = BOARDS.map(({ name }, board) => new Outlet(dispatcher.receiver(name), listings[board]!));
      this.feeds = REGIONS.map(({ name }, region) => {
        const send = entryOfSender(dispatcher.sender(name, boardsOf), settings, () => dispatcher.clock);
        const enter: Entry = (flight) => {
          this.#number(dispatcher.clock + 1);
          return send(flight);
        };
        return new Feed(region, timetable, this.feedTracks[region]!, start, enter, () => {});
      });
    } else {
      const idleAfter = giveUpAfter || undefined;
      const gap = giveUpAfter ? { skipAfter: giveUpAfter } : 'wait';
      const dispatcher =
        settings.mode === 'watermark'
          ? createDispatcher<Flight>(watermark({ seed, late: 'divert', idleAfter }), common)
          : createDispatcher<Flight>(sequence({ seed, late: 'divert', gap }), common);
      this.#dispatcher = dispatcher;
      this.outlets = BOARDS.map(({ name }, board) => new Outlet(dispatcher.receiver(name), listings[board]!));
      this.feeds = this.#forwardingFeeds(dispatcher, start);
    }
    this.outlets.forEach((outlet, board) => this.#record(outlet, board));
  }

  /** The first flight that no board has been told of. */
  get stoppedAt(): number {
    if (this.settings.mode === 'serialize') return Math.min(...this.feeds.map(({ next }) => next));
    return this.timeline.positionOf(this.#dispatcher.clock);
  }

  stats(): Stats {
    return this.#dispatcher.stats();
  }

  tally(): Tally {
    return {
      arrived: this.#arrived,
      arrivedDisordered: this.#arrivedDisordered,
      shown: this.#shown,
      shownDisordered: this.#shownDisordered,
      emitted: this.#emitted,
    };
  }

  /** Time has come to `playhead`, a place in the timetable. */
  advance(playhead: number, states: readonly FeedState[], paces: readonly Pace[], elapsed: number, now: number): void {
    let ready = this.feeds.filter((feed, region) => feed.advance(playhead, states[region]!, now));
    while (ready.length > 0) {
      ready = ready.filter((feed) =>
        feed.send(PORTION, (flight, position) => this.#arrive(feed, flight, position, now)),
      );
    }
    this.outlets.forEach((outlet, board) => outlet.read(paces[board]!, elapsed));
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    for (const outlet of this.outlets) outlet.close();
    this.#dispatcher.close();
  }

  #forwardingFeeds(dispatcher: ForwardingDispatcher<Flight>, start: number): Feed[] {
    let isLate = false;
    this.#subscriptions.push(
      dispatcher.late$.subscribe(({ value }) => {
        isLate = true;
        this.late[value.region]!++;
      }),
    );
    return REGIONS.map(({ name }, region) => {
      const sender = dispatcher.sender(name, boardsOf, { strict: true });
      const forward = entryOfForwarder(sender, this.settings, this.timeline);
      const enter: Entry = (flight) => {
        isLate = false;
        this.#number(flight.index + 1);
        const entry = forward(flight);
        return isLate ? 'refused' : entry;
      };
      // By watermark, a source says also when there was nothing to report. In a sequence, each number is somebody's.
      let promised = -1;
      const promise = (horizon: number): void => {
        if (this.settings.mode !== 'watermark' || horizon <= promised) return;
        promised = horizon;
        if (this.timetable.at(horizon).region !== region) sender.tryForward(null, this.timetable.at(horizon).time);
      };
      return new Feed(region, this.timetable, this.feedTracks[region]!, start, enter, promise);
    });
  }

  /** Says which number of arrival the marble at a position will have: boards may show it before `send` returns. */
  #number(position: number): void {
    this.#arrivals[position & (this.#arrivals.length - 1)] = this.#arrived + 1;
  }

  #arrive(feed: Feed, flight: Flight, position: number, now: number): void {
    this.#arrived++;
    if (flight.time < this.#latestArrived) this.#arrivedDisordered++;
    this.#latestArrived = Math.max(this.#latestArrived, flight.time);
    feed.track.push(position, feed.region, this.#arrived, boardBitsOf(flight), now);
  }

  #record(outlet: Outlet, board: number): void {
    const track = this.boardTracks[board]!;
    this.#subscriptions.push(
      outlet.subscribe({
        next: ([flight, ts]) => {
          this.#emitted++;
          const now = performance.now();
          if (flight === null) return track.push(this.timeline.positionOf(ts), TICK, 0, 0, now);
          const position = this.settings.mode === 'serialize' ? ts : flight.index + 1;
          track.push(position, flight.region, this.#arrivals[position & (this.#arrivals.length - 1)]!, 0, now);
          if (board === 0) this.#tallyShown(flight);
        },
        error: () => {},
      }),
    );
  }

  #tallyShown({ time }: Flight): void {
    this.#shown++;
    if (time < this.#latestShown) this.#shownDisordered++;
    this.#latestShown = Math.max(this.#latestShown, time);
  }
}
