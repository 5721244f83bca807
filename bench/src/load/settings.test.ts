import { describe, expect, it } from 'vitest';
import type { LoadOptions } from './command.ts';
import { loadSettings } from './settings.ts';

const address = { host: '127.0.0.1', port: 22_067 };
const options: LoadOptions = {
  connections: 16,
  duration: 10,
  warmUp: 2,
  sends: 0.5,
  bodyChars: 32,
  seed: 1,
};
const settingsOf = (asked: Partial<LoadOptions>, openFiles = 1_024) =>
  loadSettings(address, { ...options, ...asked }, openFiles);

describe('the settings of a load', () => {
  it.each([
    ['a closed loop unless said', {}, { pace: { kind: 'closed', depth: 1 }, transport: undefined }],
    ['the depth', { depth: 8 }, { pace: { kind: 'closed', depth: 8 } }],
    [
      'random arrivals unless said',
      { rate: 100 },
      { pace: { kind: 'open', ratePerSecond: 100, arrivals: 'poisson' } },
    ],
    [
      'even arrivals',
      { rate: 0.5, arrivals: 'constant' as const },
      { pace: { kind: 'open', ratePerSecond: 0.5, arrivals: 'constant' } },
    ],
    ['gRPC where a mode is said', { mode: 'unary' as const }, { transport: 'grpc', mode: 'unary' }],
    ['seconds as milliseconds', { duration: 0.5 }, { durationMs: 500, warmUpMs: 2_000 }],
  ])('have %s', (_, asked, expected) => {
    expect(settingsOf(asked)).toMatchObject({ ...address, ...expected });
  });

  it.each([
    [{ transport: 'socket' as const, mode: 'unary' as const }, /--mode is of gRPC/],
    [{ rate: 1, depth: 1 }, /choose one/],
    [{ arrivals: 'poisson' as const }, /add --rate/],
    [{ json: '-', csv: '-' }, /cannot both/],
  ])('refuse %j', (asked, message) => {
    expect(() => settingsOf(asked)).toThrow(message);
  });

  it('refuse more connections than there may be open files, and say what is possible', () => {
    expect(settingsOf({ connections: 960 }).connections).toBe(960);
    expect(() => settingsOf({ connections: 961 })).toThrow(
      /961 connections need 1025 open files.* 1024: .*ulimit -n 1025\), or take at most --connections 960$/,
    );
    expect(() => settingsOf({ connections: 1 }, 64)).toThrow(/ulimit -n 65\)$/);
  });
});
