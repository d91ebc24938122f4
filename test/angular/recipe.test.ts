// @vitest-environment jsdom
import '@angular/compiler';
import * as angular from '@angular/core';
import type { Type } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import * as library from 'rxjs-clocked-dispatch';
import * as glue from 'rxjs-clocked-dispatch/angular';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { blocksOf } from '../docs/blocks.js';
import { show, textOf, useAngular } from './support.js';

const MODULES: Readonly<Record<string, unknown>> = {
  '@angular/core': angular,
  'rxjs-clocked-dispatch': library,
  'rxjs-clocked-dispatch/angular': glue,
};

useAngular();

it('the recipe in the README shows an order, how current it is, and when it is saved', async () => {
  const { code } = blocksOf('README.md').find((block) => block.code.includes('rxjs-clocked-dispatch/angular'))!;
  const { Orders } = load(code) as { Orders: Type<unknown> };
  const fixture = await show(Orders);
  expect(textOf(fixture)).toBe('Tea nothing yet, as of 0');

  (fixture.nativeElement as HTMLElement).querySelector('button')!.click();
  await TestBed.inject(angular.ApplicationRef).whenStable();
  await Promise.resolve();
  await fixture.whenStable();

  expect(textOf(fixture)).toBe('Tea tea, as of 1 ✓ saved');
});

/** Runs a module with decorators, and returns what it exports. */
function load(code: string): unknown {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      experimentalDecorators: true,
      useDefineForClassFields: false,
    },
  });
  const exports = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code is the README's
  const module = new Function('require', 'exports', outputText) as (require: unknown, exports: unknown) => void;
  module((name: string) => MODULES[name], exports);
  return exports;
}
