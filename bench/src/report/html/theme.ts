import type { ReportLane } from '../schema/report.ts';

/** Colours of one scheme, each under the name of its custom property. */
export type Scheme = Readonly<Record<string, string>>;

/** Parts of a stacked bar: what it is filled with, and what is written on it. */
type Parts = Readonly<Record<string, readonly [fill: string, text: string]>>;

const lightParts: Parts = {
  content: ['#0b6b63', '#ffffff'],
  separators: ['#7cc0b8', '#10211f'],
  ours: ['#1560b0', '#ffffff'],
  codec: ['#7a4a9e', '#ffffff'],
  kernel: ['#9aa3ad', '#14181c'],
  prefix: ['#d98cb8', '#2b0f1e'],
  'grpc-js': ['#b5386f', '#ffffff'],
  http2: ['#e8ab3a', '#241a00'],
  hpack: ['#b84a0c', '#ffffff'],
  settings: ['#5d6670', '#ffffff'],
  window: ['#a9b1b9', '#14181c'],
  other: ['#c4b8a0', '#14181c'],
  'tls-handshake': ['#4f6b1f', '#ffffff'],
  'tls-records': ['#9db36a', '#161c08'],
  'several-1': ['#8a5a2b', '#ffffff'],
  'several-2': ['#6a6a1e', '#ffffff'],
  'several-3': ['#9a4a55', '#ffffff'],
  'several-4': ['#55508c', '#ffffff'],
  json: ['#6b727a', '#ffffff'],
  client: ['#3d4f8f', '#ffffff'],
  server: ['#9fb0e6', '#10162e'],
  third: ['#cfc4ec', '#1a1230'],
};

const darkParts: Parts = {
  content: ['#3fb8aa', '#06201d'],
  separators: ['#9adbd2', '#06201d'],
  ours: ['#5aa5ee', '#071a2e'],
  codec: ['#b78adb', '#1d0d2b'],
  kernel: ['#8d969f', '#101316'],
  prefix: ['#e3a5c8', '#2b0f1e'],
  'grpc-js': ['#e0679c', '#2b0717'],
  http2: ['#e8b04a', '#241a00'],
  hpack: ['#ee7f3c', '#2a1000'],
  settings: ['#78828c', '#0a0c0f'],
  window: ['#a9b1b9', '#14181c'],
  other: ['#c4b8a0', '#14181c'],
  'tls-handshake': ['#8fae4c', '#141c04'],
  'tls-records': ['#bdd08c', '#141c04'],
  'several-1': ['#c08a55', '#241300'],
  'several-2': ['#b3b255', '#1c1c02'],
  'several-3': ['#dc8f98', '#2c070c'],
  'several-4': ['#9d97d8', '#100c33'],
  json: ['#8a929b', '#0d1013'],
  client: ['#7f93ee', '#0b1130'],
  server: ['#c5cdf5', '#0b1130'],
  third: ['#a58fe0', '#150b30'],
};

const light: Scheme = {
  page: '#fdfdfb',
  surface: '#f3f3ef',
  ink: '#1b1f24',
  muted: '#565e68',
  rule: '#b4b9bf',
  grid: '#e4e5e1',
  accent: '#0b6b63',
  warning: '#8f2d12',
  'sockets-1': '#1560b0',
  'sockets-2': '#3f8fd4',
  'sockets-3': '#0c3768',
  'grpc-1': '#b03f00',
  'grpc-2': '#d9730d',
  'grpc-3': '#762a00',
  'control-1': '#4a525c',
  'control-2': '#7b838c',
  'control-3': '#23282d',
  'control-4': '#8a7f6a',
  'control-5': '#646a71',
  'control-6': '#868c93',
  ...parts(lightParts),
};

const dark: Scheme = {
  page: '#15181b',
  surface: '#1e2226',
  ink: '#e9ecef',
  muted: '#a9b1ba',
  rule: '#545c65',
  grid: '#2b3036',
  accent: '#5cc9bd',
  warning: '#ff9d80',
  'sockets-1': '#64adf5',
  'sockets-2': '#2f7fd0',
  'sockets-3': '#a8d2ff',
  'grpc-1': '#f5843f',
  'grpc-2': '#ffbd70',
  'grpc-3': '#d1601f',
  'control-1': '#b9c0c8',
  'control-2': '#858e98',
  'control-3': '#dfe3e7',
  'control-4': '#a89c84',
  'control-5': '#9aa2ab',
  'control-6': '#737c86',
  ...parts(darkParts),
};

/** The colours of the page by day, by night, and on paper as by day. */
export const schemes = { light, dark } as const;

/** How many lanes of a kind have a colour of their own before colours are used again. */
export const inksOf: Readonly<Record<ReportLane['kind'], number>> = {
  sockets: 3,
  grpc: 3,
  control: 6,
};

/** How many parts that are several at once have a colour of their own. */
export const severalInks = 4;

/** The custom properties of a scheme. */
export function propertiesOf(scheme: Scheme): string {
  return Object.entries(scheme)
    .map(([name, colour]) => `--${name}:${colour};`)
    .join('');
}

/** What the part of a stacked bar is filled with. */
export function partInk(part: string): string {
  return `var(--part-${part})`;
}

/** What is written on it. */
export function partTextInk(part: string): string {
  return `var(--on-${part})`;
}

function parts(all: Parts): Scheme {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, [fill, text]]) => [
      [`part-${name}`, fill],
      [`on-${name}`, text],
    ]),
  );
}
