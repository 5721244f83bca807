import { connectSocketClient } from '@tandem/socket-client';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { frame } from './fixture.ts';
import { ObservedServer } from './observed-server.ts';
import { RawClient } from './raw-client.ts';

const usernames = ['ann', 'ben', 'cat'];

/** The bytes of a client, cut into pieces, and the way in which it ends. */
interface Visit {
  readonly bytes: string;
  readonly cuts: readonly number[];
  readonly leaving: 'end' | 'reset';
}

const username = fc.constantFrom(...usernames, 'nobody', '');
const content = fc.oneof(
  username,
  fc.tuple(username, username, fc.string({ maxLength: 20 })).map((parts) => parts.join('|')),
  fc.constantFrom('*', 'a*a*a*b', '0', '1', '300', '-1'),
  fc.string({ maxLength: 60, unit: 'binary-ascii' }),
);
const operation = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 255 }));
const requests = fc.array(fc.tuple(operation, content), { maxLength: 30, size: 'max' });
const framed = requests.map((list) => `\x81${list.map(([op, text]) => frame(op, text)).join('')}`);
const seed = requests.map((list) =>
  list.map(([op, text]) => String.fromCharCode(op & 0x7f) + text).join(''),
);
const noise = fc
  .uint8Array({ maxLength: 2_000, size: 'max' })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));

const mutations = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 });
const mutated = fc
  .tuple(fc.oneof(framed, seed, noise), mutations)
  .map(([bytes, changes]) => mutate(bytes, changes));

const visit: fc.Arbitrary<Visit> = fc.record({
  bytes: fc.oneof(framed, mutated, seed, noise),
  cuts: fc.array(fc.nat(), { maxLength: 12 }),
  leaving: fc.constantFrom('end', 'reset'),
});

function mutate(text: string, changes: readonly (readonly [number, number])[]): string {
  const bytes = Buffer.from(text, 'latin1');
  for (const [place, byte] of changes) if (bytes.length > 0) bytes[place % bytes.length] = byte;
  return bytes.toString('latin1');
}

function pieces({ bytes, cuts }: Visit): string[] {
  const at = cuts.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [...at, bytes.length].map((end, i) => bytes.slice(at[i - 1] ?? 0, end));
}

/** Comes, says it all and leaves. Resolves when the server has closed, which it has to. */
async function pay(port: number, visiting: Visit): Promise<void> {
  const client = await RawClient.connect(port);
  for (const piece of pieces(visiting)) {
    if (client.socket.writable && piece !== '') client.say(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (visiting.leaving === 'end') client.end();
  else client.reset();
  await client.closed;
}

describe('whatever clients say', () => {
  it('others are answered, and nothing of it stays', async () => {
    const server = await ObservedServer.start();
    onTestFinished(() => server.stop());
    const resident = await connectSocketClient({ host: '127.0.0.1', port: server.port });
    await resident.register('resident');
    await resident.login('resident');
    for (const name of usernames) await resident.register(name);
    // Whoever says a secret first has the thread started that hashes, which keeps its descriptors.
    const kept = await resident.register('keeper', 'what only the keeper says');
    expect(kept.status).toBe(1);
    // The first visits make the process compile and load what it needs.
    const warm: Visit = { bytes: `\x81${frame(2, 'ann')}`, cuts: [], leaving: 'end' };
    for (let i = 0; i < 100; i++) await pay(server.port, warm);
    const before = await server.heldAt(1);

    let over = false;
    let answered = 0;
    const wrong: unknown[] = [];
    const living = (async () => {
      for (; !over; answered++) {
        const { status } = await resident.send('resident', `${answered}`);
        const body = (await resident.messages.next()).value?.body;
        if (status !== 24 || body !== `${answered}`) wrong.push([answered, status, body]);
      }
    })();
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { minLength: 1, maxLength: 8 }), async (visits) => {
        await Promise.all(visits.map((each) => pay(server.port, each)));
        expect(server.alive).toBe(true);
      }),
      { numRuns: 500, interruptAfterTimeLimit: 6_000 },
    );
    over = true;
    await living;
    expect(wrong).toEqual([]);
    expect(answered).toBeGreaterThan(0);

    // A handle that is being closed, or a response under way, counts until it is over.
    await expect
      .poll(async () => (await server.heldAt(1)).handles)
      .toBeLessThanOrEqual(before.handles);
    const after = await server.heldAt(1);
    expect(after.fileDescriptors).toBe(before.fileDescriptors);
    expect(after.memoryBytes - before.memoryBytes).toBeLessThan(4_000_000);
    for (const name of [...usernames, 'nobody']) {
      const client = await connectSocketClient({ host: '127.0.0.1', port: server.port });
      expect([8, 9, 10]).toContain((await client.login(name)).status);
      await client.close();
    }
    await resident.close();
    await server.heldAt(0);
  });
});
