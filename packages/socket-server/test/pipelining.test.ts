import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it } from 'vitest';
import { frame, startStage } from './fixture.ts';

const afternoon =
  '\x81' + // version
  '\x01\x00\x05alice' + // register
  '\x02\x00\x05alice' + // login
  '\x04\x00\x0calice|bob|hi' + // send
  '\x03\x00\x01b' + // search: nobody has this name
  '\x03\x00\x02b*' + // search
  '\x48\x00\x00' + // no operation
  '\x05\x00\x05alice' + // logout
  '\x05\x00\x05alice'; // logout, too late
const answers = '\x81\x01\x08\x19\x11\x10\x00\x03bob\x7e\x28\x78';

describe('pipelined requests', () => {
  it('are answered in order when they come in one segment', async () => {
    const stage = await startStage({ users: ['bob'] });
    const client = await stage.stranger();
    client.end(afternoon);
    expect(await client.hearToEnd()).toBe(answers);
  });

  it('are answered in order when they come byte by byte', async () => {
    const stage = await startStage({ users: ['bob'] });
    const client = await stage.stranger();
    await client.sayByteByByte(afternoon);
    client.end();
    expect(await client.hearToEnd()).toBe(answers);
  });

  it('are answered in order when they come cut in two, wherever', async () => {
    for (let place = 1; place < afternoon.length; place++) {
      const stage = await startStage({ users: ['bob'] });
      const client = await stage.stranger();
      client.say(afternoon.slice(0, place));
      await new Promise((resolve) => setImmediate(resolve));
      client.end(afternoon.slice(place));
      expect(await client.hearToEnd(), `cut at ${place}`).toBe(answers);
      await stage.server.stop();
    }
  });

  it('are answered in order when the first is the slowest', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['bob'] });
    const client = await stage.framed();
    const held = store.hold('addAccount');
    client.say('\x01\x00\x05alice\x01\x00\x03bob\x03\x00\x01z\x02\x00\x03bob\x05\x00\x03bob');
    await held;
    const other = await stage.framed();
    expect(await other.ask('\x48\x00\x00', 1)).toBe('\x7e');
    store.release('addAccount');
    expect(await client.hear(5)).toBe('\x01\x02\x11\x08\x28');
  });

  it('are all answered when there are many more than one turn or one wait may take', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store });
    const client = await stage.framed();
    const held = store.hold('addAccount');
    const count = 5_000;
    const names = Array.from({ length: count }, (_, i) => `u${i}`);
    client.say(names.map((name) => frame(1, name) + frame(5, name)).join(''));
    await held;
    const other = await stage.framed();
    expect(await other.ask('\x48\x00\x00', 1)).toBe('\x7e');
    expect(stage.service.accountCount).toBeLessThan(1_024);
    store.release('addAccount');
    expect(await client.hear(2 * count)).toBe('\x01\x78'.repeat(count));
  });

  it('let others in between', async () => {
    const stage = await startStage();
    const busy = await stage.framed();
    const other = await stage.framed();
    const count = 100_000;
    busy.say('\x48\x00\x00'.repeat(count));
    await busy.hear(1);
    expect(await other.ask('\x48\x00\x00', 1)).toBe('\x7e');
    expect(busy.socket.bytesRead).toBeLessThan(count);
    expect(await busy.hear(count - 1)).toBe('\x7e'.repeat(count - 1));
  });
});
