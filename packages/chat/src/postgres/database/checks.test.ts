import { expect, it } from 'vitest';
import { type ServerState, Weaknesses, weaknessesOf } from './checks.ts';
import { leavesInDoubt } from './connection.ts';

const sound: ServerState = {
  version: 170_000,
  versionName: '17.0',
  standby: false,
  readOnly: 'off',
  process: 1,
  began: '1',
  commit: 'on',
  fsync: 'on',
  fullPageWrites: 'on',
  standbys: 0,
  waitsFor: '',
  encrypted: false,
  local: true,
};

it.each([
  [{}, undefined],
  [{ fsync: 'off' }, 'fsync = off'],
  [{ fullPageWrites: 'off' }, 'full_page_writes = off'],
  [{ standbys: 1 }, 'waits for no standby'],
  [{ standbys: 1, waitsFor: '*' }, undefined],
  [{ waitsFor: 'one, two' }, 'synchronous_standby_names = one, two), and none follows it'],
  [{ local: false }, 'not encrypted'],
  [{ local: false, encrypted: true }, undefined],
])('tells of a server with %j: %s', (difference, weakness) => {
  const expected = weakness === undefined ? [] : [expect.stringContaining(weakness)];
  expect(weaknessesOf({ ...sound, ...difference })).toEqual(expected);
});

it('tells of what weakens a promise once, and again when it was gone', () => {
  const told: string[] = [];
  const weaknesses = new Weaknesses((notice) => void told.push(notice));
  const weak = { ...sound, standbys: 1 };
  for (const state of [sound, weak, weak, { ...weak, waitsFor: '*' }, weak]) weaknesses.note(state);
  expect(told).toHaveLength(2);
});

it.each([
  ['that a wait for a standby was cancelled', '01000', 'SyncRepWaitForLSN', true],
  ['that a standby was waited for until the server stopped', '57P01', 'SyncRepWaitForLSN', true],
  ['anything else', '01000', undefined, true],
  ['what is no warning', '00000', 'exec_stmt_raise', false],
  ['that numbers of transactions run out', '01000', 'GetNewTransactionId', false],
  ['that numbers of shared locks run out', '01000', 'GetNewMultiXactId', false],
])('a warning of %s (%s, %s) leaves a write in doubt: %s', (_what, code, routine, inDoubt) => {
  expect(leavesInDoubt({ code, routine })).toBe(inDoubt);
});
