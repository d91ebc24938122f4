import { lineInMemory } from 'rxjs-clocked-dispatch/port';
import { describeLine } from 'rxjs-clocked-dispatch/testing';
import { describe, test } from 'vitest';

describeLine('lineInMemory()', lineInMemory, { describe, test });
