import type { ReportLane } from '../schema/report.ts';

/** Colours of one scheme, each under the name of its custom property. */
export type Scheme = Readonly<Record<string, string>>;

/** Each colour by day and by night. */
const colours: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  page: ['#fdfdfb', '#15181b'],
  surface: ['#f3f3ef', '#1e2226'],
  ink: ['#1b1f24', '#e9ecef'],
  muted: ['#565e68', '#a9b1ba'],
  rule: ['#b4b9bf', '#545c65'],
  grid: ['#e4e5e1', '#2b3036'],
  accent: ['#0b6b63', '#5cc9bd'],
  warning: ['#8f2d12', '#ff9d80'],
  'sockets-1': ['#1560b0', '#64adf5'],
  'sockets-2': ['#3f8fd4', '#2f7fd0'],
  'sockets-3': ['#0c3768', '#a8d2ff'],
  'grpc-1': ['#b03f00', '#f5843f'],
  'grpc-2': ['#d9730d', '#ffbd70'],
  'grpc-3': ['#762a00', '#d1601f'],
  'control-1': ['#4a525c', '#b9c0c8'],
  'control-2': ['#7b838c', '#858e98'],
  'control-3': ['#23282d', '#dfe3e7'],
  'control-4': ['#8a7f6a', '#a89c84'],
  'control-5': ['#646a71', '#9aa2ab'],
  'control-6': ['#868c93', '#737c86'],
};

/**
 * The parts of stacked bars: what each is filled with and what is written on it, by day and by night. Those
 * of layers are told from their neighbours by people who lack one kind of cones, too.
 */
const parts: Readonly<Record<string, readonly [string, string, string, string]>> = {
  content: ['#0d6b63', '#ffffff', '#2fbbaa', '#06201d'],
  separators: ['#7cc0b8', '#10211f', '#9edfd7', '#06201d'],
  ours: ['#0062c7', '#ffffff', '#3893ff', '#071a2e'],
  codec: ['#7c4c8a', '#ffffff', '#ad88c0', '#1d0d2b'],
  kernel: ['#9aa3ad', '#14181c', '#8d969f', '#101316'],
  prefix: ['#d289b5', '#2b0f1e', '#d6a7cb', '#2b0f1e'],
  'grpc-js': ['#b5386f', '#ffffff', '#e0679c', '#2b0717'],
  http2: ['#edad29', '#241a00', '#f3b746', '#241a00'],
  hpack: ['#b74200', '#ffffff', '#f3700e', '#2a1000'],
  settings: ['#5d656f', '#ffffff', '#7c858f', '#0a0c0f'],
  window: ['#b0b4ba', '#14181c', '#a6b0ba', '#14181c'],
  other: ['#c5b9a1', '#14181c', '#c3b8a2', '#14181c'],
  'tls-handshake': ['#4f793e', '#ffffff', '#99a55c', '#141c04'],
  'tls-records': ['#90b269', '#161c08', '#c6d591', '#141c04'],
  'several-1': ['#8a5a2b', '#ffffff', '#c08a55', '#241300'],
  'several-2': ['#6a6a1e', '#ffffff', '#b3b255', '#1c1c02'],
  'several-3': ['#9a4a55', '#ffffff', '#dc8f98', '#2c070c'],
  'several-4': ['#55508c', '#ffffff', '#9d97d8', '#100c33'],
  json: ['#6b727a', '#ffffff', '#8a929b', '#0d1013'],
  client: ['#3d4f8f', '#ffffff', '#7f93ee', '#0b1130'],
  server: ['#9fb0e6', '#10162e', '#c5cdf5', '#0b1130'],
  third: ['#cfc4ec', '#1a1230', '#a58fe0', '#150b30'],
};

/** The colours of the page by day, by night, and on paper as by day. */
export const schemes = { light: schemeOf(0), dark: schemeOf(1) } as const;

/** The number of lanes of a kind that have a colour of their own; then colours are used again. */
export const inksOf: Readonly<Record<ReportLane['kind'], number>> = {
  sockets: 3,
  grpc: 3,
  control: 6,
};

/** The number of parts with several costs that have a colour of their own. */
export const severalInks = 4;

/** The custom properties of a scheme. */
export function propertiesOf(scheme: Scheme): string {
  return Object.entries(scheme)
    .map(([name, colour]) => `--${name}:${colour};`)
    .join('');
}

/** Returns the colour that fills a part of a stacked bar. */
export function partInk(part: string): string {
  return `var(--part-${part})`;
}

function schemeOf(at: 0 | 1): Scheme {
  return Object.fromEntries([
    ...Object.entries(colours).map(([name, both]) => [name, both[at]]),
    ...Object.entries(parts).flatMap(([name, all]) => [
      [`part-${name}`, all[at * 2]],
      [`on-${name}`, all[at * 2 + 1]],
    ]),
  ]);
}
