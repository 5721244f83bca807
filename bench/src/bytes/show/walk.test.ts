import { expect, it } from 'vitest';
import { layerLetters } from './outline.ts';
import { walk } from './walk.ts';

it('gives each layer a letter of its own', () => {
  const letters = Object.values(layerLetters);
  expect(new Set(letters).size).toBe(letters.length);
});

it('explains nothing where a send was not recorded', () => {
  expect(walk([])).toEqual([]);
});
