import type { Timestamp } from 'rxjs-clocked-dispatch';
import type { Flight } from '../flights/flight';
import { dayOf, timeOf, type Timetable } from '../flights/timetable';
import type { Mode } from './settings';

/**
 * What timestamps mean in a mode, and where they lie on the stage: there the unit is one flight, so that the night,
 * when nobody flies, is as short as it feels.
 */
export interface Timeline {
  /** The seed of a dispatcher whose first flight is the one at `index`. */
  seed(index: number): Timestamp;
  /** The timestamp that a flight carries. */
  stampOf(flight: Flight): Timestamp;
  /** Where a timestamp lies on the stage; a flight lies at `index + 1`. */
  positionOf(ts: Timestamp): number;
  /** What a clock shows. */
  label(ts: Timestamp): string;
  /** The day that goes with it, if there is one. */
  day(ts: Timestamp): string;
  /** What the ruler of the stage shows at a position. */
  ruler(position: number): string;
}

export function timelineOf(mode: Mode, timetable: Timetable): Timeline {
  return mode === 'watermark' ? byTime(timetable) : BY_NUMBER;
}

/** Watermark: a timestamp is the time of departure. */
function byTime(timetable: Timetable): Timeline {
  return {
    seed: (index) => Math.max(0, timetable.at(index).time - 1),
    stampOf: ({ time }) => time,
    positionOf: (ts) => timetable.lastUntil(ts) + 1,
    label: timeOf,
    day: dayOf,
    ruler: (position) => timeOf(timetable.at(Math.max(0, Math.round(position) - 1)).time),
  };
}

/** Sequence and serialize: a timestamp is a number. */
const BY_NUMBER: Timeline = {
  seed: (index) => index,
  stampOf: ({ index }) => index + 1,
  positionOf: (ts) => ts,
  label: (ts) => `#${ts}`,
  day: () => '',
  ruler: (position) => `#${Math.round(position)}`,
};
