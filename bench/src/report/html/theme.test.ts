import { describe, expect, it } from 'vitest';
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

/** As WCAG 2.2 defines contrast ratio and relative luminance. */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
