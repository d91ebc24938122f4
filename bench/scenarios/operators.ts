import { map, of, Subject } from 'rxjs';
import { inTurn, type Scenario } from '../scenario.js';
import { numbered, rxjs, teller } from './serialize.js';

/** From Observables to Observables: as many Subjects as receivers, each a source for one of them. */
export const operator: Scenario = {
  name: 'operator',
  title: (size) => `\`clockedDispatch()\`, ${size} sources, ${size} receivers`,
  sizes: [4],
  contenders: {
    package: ({ build, consumer, size }) => {
      const names = Array.from({ length: size }, (_, r) => `r${r}`);
      const subjects = names.map(() => new Subject<number>());
      void of(...subjects.map((subject, s) => build.source(`s${s}`, subject, { to: names[s]! })))
        .pipe(build.clockedDispatch(build.serialize(), { receivers: names }))
        .forEach((receiver) => void receiver.subscribe(consumer(names.indexOf(receiver.name))));
      return inTurn(subjects);
    },
    bare: (context) => {
      const tell = teller(context);
      const subjects = Array.from({ length: context.size }, () => new Subject<number>());
      subjects.forEach((subject, to) => subject.subscribe((value) => void tell(to, value)));
      return inTurn(subjects);
    },
    rxjs,
  },
  batch: () => 10_000,
};

/** The numbering alone, beside `map` with its index. */
export const stamp: Scenario = {
  name: 'stamp',
  title: () => '`stamp()`',
  sizes: [1],
  contenders: {
    package: ({ build, consumer }) => {
      const source$ = new Subject<number>();
      source$.pipe(build.stamp()).subscribe(consumer(0));
      return inTurn([source$]);
    },
    bare: ({ consumer }) => {
      const source$ = new Subject<number>();
      source$.pipe(map(numbered)).subscribe(consumer(0));
      return inTurn([source$]);
    },
  },
  batch: () => 50_000,
};
