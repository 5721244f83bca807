import { test } from 'vitest';
import { expectPromisesKept } from './short-plan.ts';

test('tandem serve keeps its promises through a short plan without TLS', () =>
  expectPromisesKept(false));
