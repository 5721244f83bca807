import { describe, expect, it } from 'vitest';
import { frame, type Stage, startStage } from './fixture.ts';
import { FrameReader } from './frames.ts';
import type { RawClient } from './raw-client.ts';

// A search that finds them all is answered with half a megabyte.
const names = Array.from({ length: 10_000 }, (_, i) => `${i}`.padEnd(50, 'n'));
const searchAll = '\x03\x00\x00';

async function crowd(limits: { readonly drainTimeoutMs?: number } = {}): Promise<Stage> {
  return await startStage({ users: [...names, 'alice'], limits });
}

/** Asks for far more than the kernel's buffers hold, and reads none of it. */
async function stall(stage: Stage, client: RawClient): Promise<void> {
  client.socket.pause();
  client.say(searchAll.repeat(100));
  await stage.untilSteady(() => client.socket.bytesWritten - client.socket.writableLength);
}

describe('a client that does not read its responses', () => {
  it('is read from no longer, and is answered in order once it reads', async () => {
    const stage = await crowd();
    const client = await stage.framed();
    client.socket.pause();
    // Mostly ballast of 367 bytes that is answered with one: what does not leave is requests.
    const ballast = 450;
    const block = searchAll + `\x48\x01\x6c${'x'.repeat(364)}`.repeat(ballast);
    const blocks = 200;
    for (let i = 0; i < blocks; i++) client.say(frame(3, `${i}n*`) + block);

    const accepted = await stage.untilSteady(
      () => client.socket.bytesWritten - client.socket.writableLength,
    );
    expect(accepted).toBeLessThan(blocks * block.length * 0.9);
    client.socket.resume();
    const reader = new FrameReader(client);
    const others = new Set<number>();
    for (let i = 0; i < blocks; i++) {
      const [name] = await reader.nextThrough(16);
      expect(name).toEqual({ status: 16, content: names[i] });
      const all = (await reader.nextThrough(19)).map(({ content }) => content.length);
      expect(all.reduce((sum, length) => sum + length, all.length - 1)).toBe(51 * 10_000 - 1);
      for (let j = 0; j < ballast; j++) others.add((await reader.next()).status);
    }
    expect([...others]).toEqual([126]);
  });

  it('makes the server hold little of what it is owed', async () => {
    const stage = await crowd();
    const clients = await Promise.all(Array.from({ length: 10 }, () => stage.framed()));
    const before = process.memoryUsage().arrayBuffers;
    for (const client of clients) await stall(stage, client);
    const held = process.memoryUsage().arrayBuffers - before;
    // Each is owed 50 MB.
    expect(held / clients.length).toBeLessThan(2_000_000);
  });

  it('does not keep others from being served', async () => {
    const stage = await crowd();
    const client = await stage.framed();
    await stall(stage, client);
    const other = await stage.framed();
    for (let i = 0; i < 100; i++) expect(await other.ask('\x03\x00\x01z', 1)).toBe('\x11');
  });

  it('is dropped when it takes nothing for too long, and its user can log in', async () => {
    const stage = await crowd({ drainTimeoutMs: 50 });
    const alice = await stage.framedAs('alice');
    alice.socket.pause();
    alice.say(searchAll.repeat(100));
    expect(await stage.untilFree('alice')).toBe(8);
  });

  it('is dropped though it goes on acknowledging', async () => {
    const stage = await crowd({ drainTimeoutMs: 50 });
    const alice = await stage.framedAs('alice');
    await stall(stage, alice);
    const talking = setInterval(() => alice.say('\x08\x00\x010'), 5);
    expect(await stage.untilFree('alice')).toBe(8);
    clearInterval(talking);
  });

  it('leaves its session when it resets', async () => {
    const stage = await crowd();
    const alice = await stage.framedAs('alice');
    await stall(stage, alice);
    alice.reset();
    expect(await stage.untilFree('alice')).toBe(8);
  });
});
