/** Every point in which this package answers otherwise than the crate, and the law that asks for it. */
export const DEPARTURES = {
  'late joiners are told the clock': 'law 21: the first thing that a late receiver learns is how current it is',
  'duplicates are refused': 'law 13: a repeated timestamp is a duplicate, so that an upstream may deliver again',
  'early ticks count': 'law 13: a tick fills its place like a message; the crate loses it and stalls',
  'completion is final': 'law 21: nothing follows completion; the crate reports data and clocks after the end',
  'completion waits for what is held': 'law 21: a broadcast that is held is still to come; the crate overlooks it',
  'ties leave by source, then arrival': 'law 7: the crate leaves ties to the layout of its heaps',
  'joining does not drag the clock back': 'laws 8 and 12: one who joins starts at the clock, a clone at its parent\'s promise; what is below the clock is late',
  'what is held for one who left still takes its place': 'law 20: the crate forgets the timestamp, and nobody is told of it',
} as const;

export type Departure = keyof typeof DEPARTURES;
