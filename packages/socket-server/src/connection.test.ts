import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { ChatService, MemoryStore } from '@tandem/chat';
import { clockMs } from '@tandem/core';
import { MemoryBudget, TeardownQueue } from '@tandem/core/server';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Connection } from './connection.ts';
import { defaultSocketServerLimits } from './options.ts';

/** A client that reads only when it is told to. */
class ReluctantSocket extends Duplex {
  readonly #sent: { readonly bytes: number; readonly taken: () => void }[] = [];
  #takenBytes = 0;

  get bytesWritten(): number {
    return this.#takenBytes + this.writableLength;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, taken: () => void): void {
    this.#sent.push({ bytes: chunk.length, taken });
  }

  /** Takes what one write of the server's had. */
  takeOne(): void {
    const sent = this.#sent.shift();
    this.#takenBytes += sent?.bytes ?? 0;
    sent?.taken();
  }
}

async function connectReluctant(store = new MemoryStore()) {
  const service = await ChatService.open({ store });
  const socket = new ReluctantSocket({ allowHalfOpen: true });
  const account = new MemoryBudget(10_000_000).open('192.0.2.7');
  const connection = new Connection(socket as unknown as Socket, account, {
    service,
    limits: { ...defaultSocketServerLimits, drainTimeoutMs: 1_000, idleBeforeLoginMs: 5_000 },
    logger: pino({ level: 'silent' }),
    onMailboxFailed: () => {},
    teardown: new TeardownQueue(),
  });
  connection.begin(socket as unknown as Socket);
  const say = async (bytes: string) => {
    socket.push(Buffer.from(bytes, 'latin1'));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { service, socket, account, connection, say, now: Math.ceil(clockMs()) };
}

describe('a connection whose client does not read', () => {
  it('is dropped however much the client says meanwhile', async () => {
    const { socket, connection, say, now } = await connectReluctant();
    await say('\x81');
    connection.dropIfSilent(now);
    await say('\x08\x00\x011');
    connection.dropIfSilent(now + 999);
    expect(socket.destroyed).toBe(false);
    await say('\x08\x00\x011');
    connection.dropIfSilent(now + 1_000);
    expect(socket.destroyed).toBe(true);
  });

  it('is dropped when its last response is written too, however much the client says', async () => {
    const { socket, connection, say, now } = await connectReluctant();
    await say('\x82');
    connection.dropIfSilent(now);
    await say('x'.repeat(100_000));
    connection.dropIfSilent(now + 1_000);
    expect(socket.destroyed).toBe(true);
  });

  it('is given its time anew whenever it has taken something', async () => {
    const { socket, connection, say, now } = await connectReluctant();
    await say('\x81');
    connection.dropIfSilent(now);
    await say('\x48\x00\x00');
    socket.takeOne();
    connection.dropIfSilent(now + 1_000);
    connection.dropIfSilent(now + 1_999);
    expect(socket.destroyed).toBe(false);
    connection.dropIfSilent(now + 2_000);
    expect(socket.destroyed).toBe(true);
  });

  it('holds no memory for few bytes once it has taken them', async () => {
    const { socket, account, connection, say, now } = await connectReluctant();
    await say('\x81');
    expect(account.bytes).toBe(1);
    socket.takeOne();
    connection.dropIfSilent(now);
    expect(account.bytes).toBe(0);
  });

  it('keeps its connection once it has taken everything', async () => {
    const { socket, connection, say, now } = await connectReluctant();
    await say('\x81');
    connection.dropIfSilent(now);
    socket.takeOne();
    connection.dropIfSilent(now + 1_000);
    await say('\x48\x00\x00');
    connection.dropIfSilent(now + 2_000);
    expect(socket.destroyed).toBe(false);
  });
});

it('pays for what was read by itself while its requests wait, as over TLS', async () => {
  const store = new MemoryStore();
  store.addAccount = () => new Promise(() => {});
  const { socket, account, connection, say, now } = await connectReluctant(store);
  await say(`\x81\x01\x00\x03zoe`);
  socket.takeOne();
  connection.dropIfSilent(now);
  expect(account.bytes).toBe(0);
  // More responses than a client may be owed.
  const logins = '\x02\x00\x03ann'.repeat(2_000);
  await say(logins);
  await say('\x02\x00\x03bob'.repeat(9_000));
  connection.dropIfSilent(now);
  expect(account.bytes).toBe(logins.length + 54_000);
});

describe('a connection without a session', () => {
  it('is dropped when the client says nothing for too long', async () => {
    const { socket, connection, now } = await connectReluctant();
    connection.dropIfSilent(now + 4_000);
    expect(socket.destroyed).toBe(false);
    connection.dropIfSilent(now + 5_100);
    expect(socket.destroyed).toBe(true);
  });

  it('is what a connection is again after a logout', async () => {
    const { service, socket, connection, say, now } = await connectReluctant();
    await service.register('alice');
    await say('\x81\x02\x00\x05alice');
    socket.takeOne();
    socket.takeOne();
    connection.dropIfSilent(now + 6_000);
    expect(socket.destroyed).toBe(false);
    await say('\x05\x00\x05alice');
    socket.takeOne();
    connection.dropIfSilent(now + 6_000);
    expect(socket.destroyed).toBe(true);
  });
});

describe('a connection that is over', () => {
  it('frees the session at once when it is dropped, and writes no more', async () => {
    const { service, socket, connection, say } = await connectReluctant();
    await service.register('alice');
    await say('\x02alice');
    const written = socket.bytesWritten;
    connection.destroy('the test says so');
    connection.destroy('and says so again');
    connection.stop();
    const other = service.connect({
      push() {},
      mailboxFailed() {},
      resumedElsewhere() {},
      dismissed() {},
    });
    expect(await other.login('alice')).toMatchObject({ status: 8 });
    await service.post('bob', 'alice', 'hi');
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.bytesWritten).toBe(written);
  });
});
