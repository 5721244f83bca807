import { spawnSync } from 'node:child_process';
import { GatedStore } from '@tandem/chat/testing';
import { MemoryBudget, smallReadBytesMax } from '@tandem/core/server';
import { describe, expect, it } from 'vitest';
import { frame, type Stage, startStage } from './fixture.ts';
import type { RawClient } from './raw-client.ts';

// Each takes the 50 bytes that a server of the seed dialect asks for.
const names = Array.from({ length: 4_000 }, (_, i) => `${i}`.padEnd(50, 'n'));
const newName = 'w'.repeat(50);

interface Waiting {
  readonly stage: Stage;
  readonly client: RawClient;
  /** The bytes of the client's account above those of an idle connection. */
  readonly heldBytes: () => number;
  /** Has the requests answered, and the client read. */
  readonly goOn: () => void;
}

/**
 * Returns a client that pipelines 200 KB of searches behind a request that the store holds back, and reads nothing.
 *
 * @param first what waits before the client says these
 */
async function waiting(dialect: 'framed' | 'seed', first = ''): Promise<Waiting> {
  const store = new GatedStore();
  const budget = new MemoryBudget(10_000_000);
  const stage = await startStage({ store, budget, users: names, logLevel: 'debug' });
  const client = await (dialect === 'framed' ? stage.framed() : stage.stranger());
  await stage.untilConnections(1);
  const idleBytes = budget.bytes;
  const held = store.hold('addAccount');
  client.socket.pause();
  const [register, ...searches] =
    dialect === 'framed'
      ? [frame(1, newName), ...names.map((name) => frame(3, name))]
      : [`\x01${newName}`, ...names.map((name) => `\x03${name}`)];
  client.say(register + first);
  await held;
  const heldBytes = () => budget.bytes - idleBytes;
  // What few bytes take is part of the memory of a connection.
  expect(heldBytes()).toBe(0);
  client.end(searches.join(''));
  await expect.poll(heldBytes).toBe(smallReadBytesMax);
  const goOn = () => {
    store.release('addAccount');
    client.socket.resume();
  };
  return { stage, client, heldBytes, goOn };
}

describe('a connection whose requests wait', () => {
  it('holds what one small read brings, and pays for that', async () => {
    const { stage } = await waiting('framed');
    stage.server.closeNetwork('127.0.0.1', 'the test says so');
    const [closed] = await stage.untilLogged('connection closed');
    const bytesRead = Number(closed?.bytesRead);
    // The version, and the request that the store holds back.
    const before = 1 + frame(1, newName).length;
    expect(bytesRead).toBeGreaterThan(before);
    expect(bytesRead).toBeLessThanOrEqual(before + smallReadBytesMax);
  });

  it.each([
    ['at once', '', ''],
    ['after a short one that waits, which has one small read more', '\x03\x00\x01z', '\x11'],
  ])('answers all that came %s, in order, when the client reads', async (_, first, answer) => {
    const { client, heldBytes, goOn } = await waiting('framed', first);
    goOn();
    const found = names.map((name) => `\x10\x00\x32${name}`);
    expect(await client.hearToEnd()).toBe(`\x01${answer}${found.join('')}`);
    await client.closed;
    await expect.poll(heldBytes).toBeLessThanOrEqual(0);
  });

  it('answers all of them in order in the seed dialect, where the end of a read cuts a request', async () => {
    const { client, goOn } = await waiting('seed');
    goOn();
    const [registered, ...answers] = (await client.hearToEnd())
      .replaceAll('\x10\x00\x01', ' ')
      .replaceAll('\x11', ' cut')
      // The rest of a request that was cut has no operation of 2023 in it.
      .replaceAll('\x7e', '')
      .split(' ');
    expect(registered).toBe('\x01');
    const cut = answers.filter((answer) => answer === 'cut').length;
    expect(cut).toBeLessThan(names.length / 10);
    expect(answers).toEqual(names.map((name, i) => (answers[i] === 'cut' ? 'cut' : name)));
  });

  it('is gone once it is written to, when its client has reset it', async () => {
    const { stage, client, goOn } = await waiting('framed');
    client.reset();
    goOn();
    await stage.untilConnections(0);
  });
});

it('what a client said before its connection was taken in is answered', async () => {
  const stage = await startStage();
  // This process takes nothing in meanwhile.
  const script = `
    const socket = require('node:net').connect(${stage.server.port}, '127.0.0.1');
    socket.end(Buffer.from('\\x81\\x01\\x00\\x05alice', 'latin1'), () => process.exit());
  `;
  expect(spawnSync(process.execPath, ['-e', script]).status).toBe(0);
  await expect.poll(() => stage.service.accountCount).toBe(1);
  await stage.untilConnections(0);
});
