import { expect, it } from 'vitest';
import { type ServerState, weaknessesOf } from './checks.ts';

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
  [{ local: false }, 'not encrypted'],
  [{ local: false, encrypted: true }, undefined],
])('tells of a server with %j: %s', (difference, weakness) => {
  const expected = weakness === undefined ? [] : [expect.stringContaining(weakness)];
  expect(weaknessesOf({ ...sound, ...difference })).toEqual(expected);
});
