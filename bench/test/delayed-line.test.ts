import { expect, onTestFinished, test } from 'vitest';
import { connectEcho, startEchoServer } from '../src/lanes/net/net-echo.ts';
import { DelayedLine } from '../src/scenarios/latency/delayed-line.ts';

const host = '127.0.0.1';

async function connectOver(roundTripMs: number) {
  const server = await startEchoServer((socket, chunk) => socket.write(chunk));
  const line = await DelayedLine.open({ host, port: server.port, roundTripMs });
  const client = await connectEcho(line.target);
  onTestFinished(async () => {
    await client.close();
    await line.close();
    await server.close();
  });
  return { line, operation: client.operation({ kind: 'search' }) };
}

test('takes its time there and back, for all that is under way together', async () => {
  const roundTripMs = 60;
  const { operation } = await connectOver(roundTripMs);
  const startedAt = performance.now();
  const together = Promise.all(Array.from({ length: 64 }, operation));
  await together;
  const tookMs = performance.now() - startedAt;
  // A timer may be early by a part of a millisecond.
  expect(tookMs).toBeGreaterThan(roundTripMs - 2);
  // One after the other they would have taken this.
  expect(tookMs).toBeLessThan(64 * roundTripMs);
});

test('ends the connections on it when it is closed', async () => {
  const { line, operation } = await connectOver(0);
  await operation();
  await line.close();
  await expect(operation().then(operation)).rejects.toThrow();
});
