import { describe, expect, it } from 'vitest';
import { difference, seenDifference, visions } from '../../../test/colour-vision.ts';
import { contrast } from '../../../test/contrast.ts';
import { type Layer, layers } from '../../bytes/index.ts';
import { style } from './document.ts';
import { inksOf, layerParts } from './theme.ts';

const colours = [
  ...style.text.matchAll(/--(?<name>[\w-]+): light-dark\((?<light>#\w{6}), (?<dark>#\w{6})\);/g),
].map(({ groups = {} }) => groups);
/** The colours by day and by night, each under the name of its custom property. */
const schemes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  light: Object.fromEntries(colours.map(({ name, light }) => [name, light])),
  dark: Object.fromEntries(colours.map(({ name, dark }) => [name, dark])),
};

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

// The layers of each wire. Those that many operations do not have stand behind the others.
const always: readonly (readonly Layer[])[] = [
  ['content', 'separators', 'framing'],
  ['content', 'framing', 'protobuf'],
  ['content', 'json', 'http1'],
  ['content', 'http1', 'webSocket'],
  ['content', 'protobuf', 'grpcPrefix', 'http2Frames'],
];
const sometimes: ReadonlySet<Layer> = new Set<Layer>([
  ...(['hpack', 'settings', 'windowUpdate', 'ping', 'http2Other'] as const),
  ...(['tlsHandshake', 'tlsRecords'] as const),
]);

/** The parts whose colours can stand side by side: in a bar, in a legend, in a line of bytes. */
const neighbours = new Map(
  always.flatMap((wire) => {
    const overHttp2 = wire.includes('http2Frames');
    const present = (Object.keys(layers) as Layer[]).filter(
      (layer) =>
        wire.includes(layer) || (sometimes.has(layer) && (overHttp2 || layer.startsWith('tls'))),
    );
    return present.flatMap((layer, at) => {
      const rest = present.slice(at + 1);
      const end = rest.findIndex((one) => !sometimes.has(one));
      return rest
        .slice(0, end < 0 ? rest.length : end + 1)
        .map((next) => [layerParts[layer], layerParts[next]] as const)
        .filter(([part, next]) => part !== next)
        .map((pair) => [pair.join(' and '), pair] as const);
    });
  }),
);

describe.each(Object.entries(schemes))('the layers of bytes in the %s scheme', (_, scheme) => {
  it.each(Object.keys(visions) as (keyof typeof visions)[])(
    'are told from their neighbours with %s',
    (vision) => {
      expect(neighbours.size).toBeGreaterThan(30);
      for (const [name, [part, next]] of neighbours) {
        const [one, other] = [scheme[`part-${part}`] ?? '', scheme[`part-${next}`] ?? ''];
        expect(seenDifference(one, other, vision), name).toBeGreaterThanOrEqual(10);
      }
    },
  );
});

// Sharma, Wu and Dalal 2005, table 1.
it.each([
  [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
  [[50, -1, 2], [50, 0, 0], 2.3669],
  [[50, 2.5, 0], [50, 0, -2.5], 4.3065],
  [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
  [[90.8027, -2.0831, 1.441], [91.1528, -1.6435, 0.0447], 1.4441],
  [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
] as const)('measures the difference of %j and %j', (one, other, expected) => {
  expect(difference(one, other)).toBeCloseTo(expected, 4);
});

it('has every colour that a page names, by day and by night', () => {
  const named = [...style.text.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name);
  expect(Object.keys(schemes.light ?? {})).toEqual(expect.arrayContaining(named));
});
