import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import { shuttingDown } from '../calls/refusal.ts';
import type { Connection } from '../connections/connection.ts';
import type { UnarySession } from './session.ts';
import { Sessions } from './sessions.ts';

function sessionOf(username: string, token: string, connection?: Connection) {
  const session = { token, username, agent: { username }, connection, end: vi.fn() };
  return session as unknown as UnarySession & { end: typeof session.end };
}

function sent(...values: readonly string[]): Metadata {
  const metadata = new Metadata();
  for (const value of values) metadata.add('authorization', value);
  return metadata;
}

const connection = { sessions: new Set() } as unknown as Connection;
const alice = sessionOf('alice', 'aaaa', connection);
const bob = sessionOf('bob', 'bbbb');

const here = () => connection;
const nowhere = () => undefined;

function sessions(): Sessions {
  const both = new Sessions(true);
  both.add(alice, false);
  both.add(bob, false);
  return both;
}

describe('who may act as a user', () => {
  it('is who sends the token of the session, from anywhere', () => {
    expect(sessions().identify(sent('Bearer bbbb'), nowhere, 'bob')).toBe(bob);
    expect(sessions().identify(sent('Bearer bbbb'), here, 'bob')).toBe(bob);
  });

  it('is who sends no token, on the connection that logged in', () => {
    expect(sessions().identify(sent(), here, 'alice')).toBe(alice);
    expect(sessions().identify(sent(), here, 'bob')).toBeUndefined();
    expect(sessions().identify(sent(), nowhere, 'alice')).toBeUndefined();
  });

  it('is known by a token whatever the case of its scheme', () => {
    expect(sessions().identify(sent('bearer aaaa'), nowhere, 'alice')).toBe(alice);
  });

  it('is nobody who sends a token that does not fit, whatever the connection', () => {
    for (const values of [
      ['Bearer bbbb'],
      ['Bearer cccc'],
      ['Bearer '],
      [''],
      ['aaaa'],
      ['Basic aaaa'],
      ['Bearer aaaa', 'Bearer aaaa'],
    ]) {
      expect([values, sessions().identify(sent(...values), here, 'alice')]).toEqual([
        values,
        undefined,
      ]);
    }
  });

  it('is nobody who sends no token once the user has shown a secret, or has been given one', () => {
    const proven = new Sessions(true);
    proven.add(alice, true);
    const changed = new Sessions(true);
    changed.add(alice, false);
    changed.needsToken(alice);
    for (const both of [proven, changed]) {
      expect(both.identify(sent(), here, 'alice')).toBeUndefined();
      expect(both.identify(sent('Bearer aaaa'), here, 'alice')).toBe(alice);
      expect(connection.sessions.has(alice)).toBe(true);
    }
    for (const both of [proven, changed]) both.delete(alice);
    expect(connection.sessions.size).toBe(0);
  });

  it('is nobody after the session', () => {
    const left = sessions();
    left.delete(bob);
    expect(left.identify(sent('Bearer bbbb'), nowhere, 'bob')).toBeUndefined();
    expect(left.ofToken(sent('Bearer bbbb'))).toBeUndefined();
    expect(left.ofToken(sent('Bearer aaaa'))).toBe(alice);
    left.delete(alice);
    expect(left.identify(sent(), here, 'alice')).toBeUndefined();
    expect(connection.sessions.size).toBe(0);
  });

  it('is the newer one of two sessions on a connection, whatever becomes of the older', () => {
    const both = sessions();
    const newer = sessionOf('alice', 'cccc', connection);
    both.add(newer, false);
    both.delete(alice);
    expect(both.identify(sent(), here, 'alice')).toBe(newer);
    both.delete(newer);
  });
});

it('ends every session', () => {
  sessions().endAll(shuttingDown);
  expect(alice.end).toHaveBeenCalledExactlyOnceWith(shuttingDown);
  expect(bob.end).toHaveBeenCalledExactlyOnceWith(shuttingDown);
});
