import '@angular/compiler';
import { ChangeDetectionStrategy, Component, Injector, type DestroyableInjector, type Type } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing';
import { afterEach, beforeAll } from 'vitest';

/** Angular's test environment, zoneless as Angular 21 is by default, and a fresh module for each test. */
export function useAngular(): void {
  beforeAll(() => TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting()));
  afterEach(() => TestBed.resetTestingModule());
}

let components = 0;

/** A component without a decorator: `fields` are its class. */
export function component<T extends object>(
  template: string,
  fields: () => T,
  options: Omit<Component, 'template' | 'changeDetection'> = {},
): Type<T> {
  const type = function (this: T) {
    Object.assign(this, fields());
  } as unknown as Type<T>;
  const selector = `app-${components++}`;
  return Component({ selector, template, changeDetection: ChangeDetectionStrategy.OnPush, ...options })<Type<T>>(type);
}

/** Creates it and waits until it is shown. */
export async function show<T>(type: Type<T>): Promise<ComponentFixture<T>> {
  const fixture = TestBed.createComponent(type);
  await fixture.whenStable();
  return fixture;
}

/** What is to be read on the page, without the white space of templates. */
export function textOf(fixture: ComponentFixture<unknown>): string {
  return (fixture.nativeElement as HTMLElement).textContent.replace(/\s+/g, ' ').trim();
}

/** An injector of its own, to be destroyed by the test. */
export function childInjector(): DestroyableInjector {
  return Injector.create({ providers: [], parent: TestBed.inject(Injector) });
}
