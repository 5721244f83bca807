import { expect, it } from 'vitest';
import { basicColorOfName, colorOfName, readableColors } from './render.ts';

/** The relative luminance of a colour of the cube of 256. [WCAG 2.2] */
function luminance(color: number): number {
  const levels = [0, 95, 135, 175, 215, 255];
  const index = color - 16;
  const parts = [Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6].map((part) => {
    const level = (levels[part] as number) / 255;
    return level <= 0.03928 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = parts;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it.each(readableColors)('has a contrast of 4 to 1 on white and on black: %i', (color) => {
  const light = luminance(color) + 0.05;
  expect(1.05 / light).toBeGreaterThanOrEqual(4);
  expect(light / 0.05).toBeGreaterThanOrEqual(4);
});

it('gives a name a colour of its own, which stays the same, and names different ones', () => {
  expect([colorOfName('alice'), basicColorOfName('alice')]).toEqual([30, 'magenta']);
  const names = Array.from({ length: 100 }, (_, index) => `user${index}`);
  expect(new Set(names.map(colorOfName)).size).toBe(readableColors.length);
  expect(new Set(names.map(basicColorOfName)).size).toBe(4);
});
