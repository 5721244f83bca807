import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it } from 'vitest';
import { startStage } from './fixture.ts';

describe('a server that stops', () => {
  it('tells framed clients, logged in or not, and closes', async () => {
    const stage = await startStage({ users: ['alice'] });
    const alice = await stage.framedAs('alice');
    const other = await stage.framed();
    const stopped = stage.server.stop();
    expect(await alice.hearToEnd()).toBe('\x7c');
    expect(await other.hearToEnd()).toBe('\x7c');
    await Promise.all([alice.leave(), other.leave()]);
    await stopped;
    expect(stage.server.connectionCount).toBe(0);
  });

  it('just closes clients of the seed dialect, and those that said nothing', async () => {
    const stage = await startStage({ users: ['alice'] });
    const alice = await stage.seedAs('alice');
    const silent = await stage.stranger();
    await stage.untilConnections(2);
    const stopped = stage.server.stop();
    expect(await alice.hearToEnd()).toBe('');
    expect(await silent.hearToEnd()).toBe('');
    await Promise.all([alice.leave(), silent.leave()]);
    await stopped;
  });

  it('answers what it has read, and neither carries out nor answers what comes later', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    const framed = await stage.framedAs('alice');
    const seed = await stage.stranger();
    const held = store.hold('addMessage');
    framed.say('\x04\x00\x0calice|bob|hi\x03\x00\x01z\x03\x00\x03bob');
    await held;
    const heldToo = store.hold('addAccount');
    seed.say('\x01zoe');
    await heldToo;
    const stopped = stage.server.stop();
    expect(await framed.hear(1)).toBe('\x7c');
    framed.say('\x01\x00\x05after');
    seed.say('\x01after');
    store.release('addMessage');
    store.release('addAccount');
    expect(await framed.hearToEnd()).toBe('\x19\x11\x10\x00\x03bob');
    expect(await seed.hearToEnd()).toBe('\x01');
    await Promise.all([framed.leave(), seed.leave()]);
    await stopped;
    expect(stage.service.accountCount).toBe(3);
  });

  it('answers pipelined requests of which it has read more than a turn takes', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store });
    const client = await stage.framed();
    const held = store.hold('addAccount');
    client.say(`\x01\x00\x05alice${'\x48\x00\x00'.repeat(3_000)}`);
    await held;
    const stopped = stage.server.stop();
    store.release('addAccount');
    expect(await client.hearToEnd()).toBe(`\x7c\x01${'\x7e'.repeat(3_000)}`);
    await client.leave();
    await stopped;
  });

  it('completes the pages of a login', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice', 'bob'] });
    await stage.fillMailbox('alice', ['1', '2']);
    const alice = await stage.framed();
    const held = store.hold('readMessages');
    alice.say('\x02\x00\x05alice');
    await held;
    const stopped = stage.server.stop();
    expect(await alice.hear(1)).toBe('\x7c');
    store.release('readMessages');
    expect(await alice.hearToEnd()).toBe('\x09\x00\x0bbob|1\nbob|2');
    await alice.leave();
    await stopped;
  });

  it('ends by force, after its grace, a client that does not read', async () => {
    const users = Array.from({ length: 10_000 }, (_, i) => `${i}`.padEnd(50, 'n'));
    const stage = await startStage({ users, limits: { stopGraceMs: 50 } });
    const client = await stage.framed();
    client.socket.pause();
    client.say('\x03\x00\x00'.repeat(100));
    await stage.untilSteady(() => client.socket.bytesWritten - client.socket.writableLength);
    await stage.server.stop();
    expect(stage.server.connectionCount).toBe(0);
  });

  it('waits for answers whose commit takes long, but not for ever', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, limits: { stopGraceMs: 50 } });
    const client = await stage.framed();
    const held = store.hold('addAccount');
    client.say('\x01\x00\x05alice');
    await held;
    await stage.server.stop();
    expect(await client.hearToEnd()).toBe('\x7c');
    store.release('addAccount');
  });

  it('does not wait long for a client that hears the end and stays', async () => {
    const stage = await startStage();
    const client = await stage.framed();
    const stopped = stage.server.stop();
    expect(await client.hearToEnd()).toBe('\x7c');
    await stopped;
  });

  it('closes those whom it was refusing', async () => {
    const stage = await startStage({ limits: { connectionsMax: 1 } });
    const client = await stage.framed();
    const refused = await stage.stranger();
    const stopped = stage.server.stop();
    await Promise.all([client.leave(), refused.hearToEnd()]);
    await stopped;
  });

  it('takes no new connections', async () => {
    const stage = await startStage();
    const client = await stage.framed();
    const stopped = stage.server.stop();
    const late = connect(stage.server.port, '127.0.0.1');
    const [error] = await once(late, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    await client.leave();
    await stopped;
  });

  it('stops once however often it is told', async () => {
    const stage = await startStage();
    const client = await stage.framed();
    const both = [stage.server.stop(), stage.server.stop()];
    expect(await client.hearToEnd()).toBe('\x7c');
    await client.leave();
    await Promise.all(both);
    await stage.server.stop();
  });

  it('leaves nothing behind that would keep its process alive', async () => {
    const script = fileURLToPath(new URL('fixtures/start-and-stop.ts', import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
