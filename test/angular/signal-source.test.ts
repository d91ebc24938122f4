// @vitest-environment jsdom
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { EMPTY, map, mergeAll, mergeMap, of } from 'rxjs';
import { clockedDispatch, serialize, source } from 'rxjs-clocked-dispatch';
import { signalSource } from 'rxjs-clocked-dispatch/angular';
import { describe, expect, it } from 'vitest';
import { childInjector, useAngular } from './support.js';

describe('signalSource', () => {
  useAngular();

  it('sends the value of a signal, and each value that it settles on', () => {
    const query = signal('an');
    const heard: unknown[][] = [];
    TestBed.runInInjectionContext(() => {
      of(signalSource('query', query, { to: 'results' }), source('clicks', ['a click'], { to: 'log' }))
        .pipe(
          clockedDispatch(serialize(), { receivers: ['results', 'log'] }),
          mergeMap((receiver) => receiver.pipe(map((message) => [receiver.name, ...message]))),
        )
        .subscribe((line) => heard.push(line));
    });
    TestBed.tick();

    query.set('ang');
    query.set('angu');
    TestBed.tick();

    const results = heard.filter(([name, value]) => name === 'results' && value !== null);
    expect(results).toEqual([
      ['results', 'an', 2],
      ['results', 'angu', 3],
    ]);
  });

  it('routes by the value', () => {
    const level = signal(1);
    const alarms: unknown[] = [];
    TestBed.runInInjectionContext(() => {
      of(signalSource('level', level, { to: (value) => (value > 5 ? ['levels', 'alarms'] : 'levels') }))
        .pipe(
          clockedDispatch(serialize(), { receivers: ['levels', 'alarms'] }),
          mergeMap((receiver) => (receiver.name === 'alarms' ? receiver : EMPTY)),
        )
        .subscribe((message) => alarms.push(message));
    });
    TestBed.tick();
    level.set(9);
    TestBed.tick();

    expect(alarms).toEqual([
      [null, 1],
      [9, 2],
    ]);
  });

  it('completes with its injector', () => {
    const injector = childInjector();
    let completed = false;
    of(signalSource('query', signal('an'), { to: 'results', injector }))
      .pipe(clockedDispatch(serialize(), { receivers: ['results'] }), mergeAll())
      .subscribe({ complete: () => (completed = true) });
    TestBed.tick();

    injector.destroy();

    expect(completed).toBe(true);
  });

  it('needs an injection context or an injector', () => {
    expect(() => signalSource('query', signal('an'), { to: 'results' })).toThrow(/injection context/);
  });
});
