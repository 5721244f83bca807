import { defaultGrpcServerLimits } from '@tandem/grpc-server/limits';
import { defaultSocketServerLimits } from '@tandem/socket-server/limits';
import { describe, expect, test } from 'vitest';
import { Attacker } from '../attacker/attacker.ts';
import { type Attack, families } from './attack.ts';
import { attacks, attacksNamed } from './index.ts';

test('every attack has a name of its own, in a group that can be named', () => {
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
  for (const family of families) expect(attacksNamed(family).length).toBeGreaterThan(0);
  expect(families.flatMap(attacksNamed).length).toBe(attacks.length);
  expect(attacksNamed('all')).toEqual(attacks);
});

test('an unknown name means no attack', () => {
  for (const name of ['', 'none', 'ping-flood+', '+', 'ping-flood+none']) {
    expect(attacksNamed(name)).toEqual([]);
  }
});

test('idle connections are all that a server takes, with the descriptors for them', () => {
  const { connectionsMax, refusalsMax } = defaultSocketServerLimits;
  expect(defaultGrpcServerLimits.connectionsMax).toBe(connectionsMax);
  for (const [attack] of ['idle-sockets', 'idle-grpc'].map(attacksNamed)) {
    expect(attack?.does).toContain(`${connectionsMax.toLocaleString('en-US')} `);
    // The server has 80 of its own. (docs/OPERATIONS.md, "Open files")
    expect(attack?.descriptors).toBe(2 * connectionsMax + refusalsMax + 80);
  }
});

test('nobody attacks when it is told so, until the time is over', async () => {
  const [nobody] = attacksNamed('nobody') as [Attack];
  const order = {
    attack: 'nobody',
    host: '127.0.0.1',
    ports: { socket: 1, grpc: 1 },
    part: 0,
    parts: 1,
    victims: [],
    forMs: 1_000,
  };
  const attacker = new Attacker(order, nobody);
  const run = nobody.run(attacker);
  attacker.stop();
  await run;
  expect(attacker.counts).toEqual({});
});

describe('several at once', () => {
  test('need all that each needs, and may take the memory of all', () => {
    const [both] = attacksNamed('unread-logins+descriptor-limit');
    expect(both).toMatchObject({
      name: 'unread-logins+descriptor-limit',
      processes: 2,
      needs: { names: 10_000, victims: 20, unread: 1_000 },
      peakBytesMax: 400_000_000,
      descriptors: 256,
      honest: ['unary long-search', 'framed connect', 'converse connect'],
      mayBeRefused: ['framed connect', 'converse connect'],
    });
  });
});
