import { map, merge, of, share, Subject } from 'rxjs';
import { clockedDispatch, source, type Clocked } from 'rxjs-clocked-dispatch';
import { subscribers, type Batch, type Consumers, type Scenario } from '../scenario.js';
import { inTurn } from './serialize.js';

/** From Observables to Observables: as many Subjects as receivers, each a source for one of them. */
export const operator: Scenario = {
  name: 'operator',
  title: '`clockedDispatch()`, from Observables to Observables, as many sources as receivers',
  unit: 'receivers',
  sizes: [4],
  contenders: { package: dispatch, limit, rxjs },
  messages: () => 5000,
  targets: [{ sizes: [4], against: 'rxjs', least: 2.5 }],
};

function dispatch(receivers: number, consumers: Consumers): Batch {
  const names = Array.from({ length: receivers }, (_, r) => `r${r}`);
  const subjects = names.map(() => new Subject<number>());
  void of(...subjects.map((subject, s) => source(`s${s}`, subject, { to: names[s]! })))
    .pipe(clockedDispatch({ mode: 'serialize', receivers: names }))
    .forEach((receiver) => void receiver.subscribe(consumers(names.indexOf(receiver.name))));
  return inTurn(subjects);
}

function limit(receivers: number, consumers: Consumers): Batch {
  const subjects = Array.from({ length: receivers }, () => new Subject<number>());
  const told = subscribers(receivers, consumers);
  let clock = 0;
  subjects.forEach((subject, to) =>
    subject.subscribe((value) => {
      const ts = ++clock;
      told[to]!.next([value, ts]);
      const tick: Clocked<number> = [null, ts];
      for (let r = 0; r < told.length; r++) if (r !== to) told[r]!.next(tick);
    }),
  );
  return inTurn(subjects);
}

function rxjs(receivers: number, consumers: Consumers): Batch {
  const subjects = Array.from({ length: receivers }, () => new Subject<number>());
  const stamped$ = merge(...subjects.map((subject, to) => subject.pipe(map((value) => ({ to, value }))))).pipe(
    map(({ to, value }, index) => ({ to, value, ts: index + 1 })),
    share(),
  );
  for (let r = 0; r < receivers; r++) {
    stamped$.pipe(map(({ to, value, ts }): Clocked<number> => [to === r ? value : null, ts])).subscribe(consumers(r));
  }
  return inTurn(subjects);
}
