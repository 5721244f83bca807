import { describe, expect, it } from 'vitest';
import { contrast } from '../../../test/contrast.ts';
import { inksOf, schemes } from './theme.ts';

describe.each(Object.entries(schemes))('the %s scheme', (_, scheme) => {
  const { page = '', surface = '' } = scheme;
  const named = (pattern: RegExp) => Object.entries(scheme).filter(([name]) => pattern.test(name));

  it('has text that can be read on the page and on tiles', () => {
    for (const [name, colour] of named(/^(ink|muted|accent|warning)$/)) {
      expect(contrast(colour, page), name).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colour, surface), `${name} on a tile`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('has lanes that stand out from the page', () => {
    const lanes = named(/^(sockets|grpc|control)-\d$/);
    expect(lanes).toHaveLength(inksOf.sockets + inksOf.grpc + inksOf.control);
    for (const [name, colour] of lanes) {
      expect(contrast(colour, page), name).toBeGreaterThanOrEqual(3);
    }
  });

  it('has a text colour for each part of a bar that can be read on it', () => {
    for (const [name, fill] of named(/^part-/)) {
      const text = scheme[name.replace('part-', 'on-')] ?? '';
      expect(contrast(text, fill), name).toBeGreaterThanOrEqual(4.5);
    }
  });
});

it('names the same colours in both schemes', () => {
  expect(Object.keys(schemes.dark)).toEqual(Object.keys(schemes.light));
});
