import { describe, expect, it, onTestFinished } from 'vitest';
import { ObservedServer } from './observed-server.ts';
import { RawClient } from './raw-client.ts';

async function visit(port: number): Promise<void> {
  const client = await RawClient.connect(port);
  client.end('\x81\x03\x00\x01z');
  expect(await client.hearToEnd()).toBe('\x81\x11');
  await client.closed;
}

describe('a connection that has come and gone', () => {
  it('leaves no memory behind, not even for a while', async () => {
    const server = await ObservedServer.start();
    onTestFinished(() => server.stop());
    for (let i = 0; i < 300; i++) await visit(server.port);
    const before = await server.heldAt(0);
    for (let i = 0; i < 100; i++) {
      await Promise.all(Array.from({ length: 20 }, () => visit(server.port)));
    }
    const after = await server.heldAt(0);
    // Half a kilobyte each; a connection that is kept holds several.
    expect(after.memoryBytes - before.memoryBytes).toBeLessThan(1_000_000);
    expect(after.fileDescriptors).toBe(before.fileDescriptors);
  });
});
