import { expectBroken } from '@tandem/core/testing';
import { batchMetadata, loadMessageService } from '@tandem/protos';
import { describe, expect, test } from 'vitest';
import { connectConverse, connectConverseBob, unread } from './fixture.ts';
import type { ConverseCall } from './scripted-server.ts';

type Batch = { batch: { frames: { request: string }[] } };

/** Connects to a server that has said how many frames it takes in a batch; a search is under way. */
async function connectToBatches(framesMax = 64) {
  const connected = await connectConverse();
  const { client, stream } = connected;
  const metadata = batchMetadata();
  metadata.set('batch-frames-max', `${framesMax}`);
  stream.say(metadata);
  const first = client.search('first');
  expect(await stream.read()).toEqual({ search: { query: 'first' } });
  stream.write({ statusCode: 17 });
  await first;
  client.search('pending').catch(() => {});
  await stream.read();
  return connected;
}

/** The operations of the next messages, those of a batch together. */
async function operationsOf(stream: ConverseCall, messages: number) {
  const read: (string | string[])[] = [];
  for (let i = 0; i < messages; i++) {
    const message = (await stream.read()) as Partial<Batch>;
    const frames = message.batch?.frames;
    read.push(frames ? frames.map(({ request }) => request) : (Object.keys(message)[0] ?? ''));
  }
  return read;
}

describe('a client that takes batches', () => {
  test('says so, with the number of frames, unless it is told not to', async () => {
    expect((await connectConverse()).stream.batchFramesMax).toBe(64);
    expect((await connectConverse({ batches: false })).stream.batchFramesMax).toBe(1);
  });

  test('takes responses and messages of a batch in their order', async () => {
    const { client, stream } = await connectConverseBob(unread);
    const pending = [client.search('a*'), client.send('ann', 'hi')];
    const frames = [
      { statusCode: 32, messages: [{ sender: 'ann', body: 'yo' }] },
      { statusCode: 16, results: ['ann'] },
      { statusCode: 24 },
    ];
    stream.write({ batch: { frames } });
    expect(await Promise.all(pending)).toEqual([
      { status: 16, usernames: ['ann'] },
      { status: 24 },
    ]);
    for (const message of [...unread, { sender: 'ann', body: 'yo' }]) {
      expect((await client.messages.next()).value).toEqual(message);
    }
  });

  test('takes pages of a batch', async () => {
    const { client, stream } = await connectConverse();
    const pending = client.login('bob');
    const frames = [
      { statusCode: 12, messages: unread.slice(0, 2) },
      { statusCode: 9, messages: unread.slice(2) },
    ];
    stream.write({ batch: { frames } });
    expect(await pending).toEqual({ status: 9, unread: 3 });
  });

  test.each([
    ['without frames', []],
    ['of too many frames', Array(65).fill({ statusCode: 17 })],
    ['in a batch', [{ batch: { frames: [{ statusCode: 17 }] } }]],
  ])('finds a batch %s a protocol-error', async (_, frames) => {
    const { client, stream } = await connectConverse();
    const pending = Array.from({ length: 70 }, () => client.search('*'));
    stream.write({ batch: { frames } });
    expect(await expectBroken(client, pending)).toMatchObject({ code: 'protocol-error' });
  });

  test('finds any batch a protocol-error when it has not asked for them', async () => {
    const { client, stream } = await connectConverse({ batches: false });
    const search = client.search('*');
    stream.write({ batch: { frames: [{ statusCode: 17 }] } });
    expect(await expectBroken(client, [search])).toMatchObject({ code: 'protocol-error' });
  });

  test('takes nothing of a batch behind what breaks the rules', async () => {
    const { client, stream } = await connectConverseBob();
    const pending = [client.search('*'), client.search('a')];
    const message = { sender: 'ann', body: 'late' };
    stream.write({
      batch: { frames: [{ statusCode: 99 }, { statusCode: 32, messages: [message] }] },
    });
    await expectBroken(client, pending);
  });
});

describe('a client at a server that takes batches', () => {
  test('sends what a turn asks for as one, and what is alone at once', async () => {
    const { client, stream } = await connectToBatches();
    void client.register('ann').catch(() => {});
    void client.search('*').catch(() => {});
    const login = client.login('ann');
    expect(await operationsOf(stream, 1)).toEqual([['register', 'search', 'login']]);
    stream.write({ statusCode: 17 }, { statusCode: 1 }, { statusCode: 17 }, { statusCode: 8 });
    await login;
    // The first does not know that there will be others.
    for (let i = 0; i < 3; i++) client.search('*').catch(() => {});
    expect(await operationsOf(stream, 2)).toEqual(['search', ['search', 'search']]);
  });

  test('sends what comes of the responses of a batch as one', async () => {
    const { client, stream } = await connectToBatches();
    const again = async () => {
      await client.search('a');
      await Promise.resolve();
      client.search('b').catch(() => {});
    };
    void Promise.all([again(), again(), again()]).catch(() => {});
    await operationsOf(stream, 1);
    stream.write({ batch: { frames: Array(4).fill({ statusCode: 17 }) } });
    expect(await operationsOf(stream, 1)).toEqual([['search', 'search', 'search']]);
  });

  test('sends no more frames in one than the server takes', async () => {
    const { client, stream } = await connectToBatches(3);
    for (let i = 0; i < 7; i++) client.search('*').catch(() => {});
    expect(await operationsOf(stream, 3)).toEqual([
      Array(3).fill('search'),
      Array(3).fill('search'),
      'search',
    ]);
  });

  test('sends no more bytes in one than a server takes', async () => {
    const { client, stream } = await connectToBatches();
    const login = client.login('b'.repeat(50));
    await stream.read();
    stream.write({ batch: { frames: [{ statusCode: 17 }, { statusCode: 8 }] } });
    await login;
    for (let i = 0; i < 40; i++) client.send('a'.repeat(50), 'x'.repeat(262)).catch(() => {});
    const { requestSerialize } = loadMessageService().Converse;
    for (let left = 40; left > 0; ) {
      const { batch } = (await stream.read()) as Batch;
      expect(requestSerialize({ batch } as object).length).toBeLessThanOrEqual(4_096);
      // As many as there is room for, nearly: 10 of these take 3,780 bytes.
      expect(batch.frames.length).toBeGreaterThanOrEqual(Math.min(left, 9));
      left -= batch.frames.length;
    }
  });

  test('sends everything before it says goodbye', async () => {
    const { client, stream } = await connectToBatches();
    for (let i = 0; i < 100; i++) client.search('*').catch(() => {});
    const closed = client.close();
    expect(await operationsOf(stream, 2)).toEqual([
      Array(64).fill('search'),
      Array(36).fill('search'),
    ]);
    expect(await stream.read()).toBe('end');
    stream.end();
    await closed;
  });

  test('sends none to a server that says nothing of them, as those before', async () => {
    const { client, stream } = await connectConverseBob();
    for (let i = 0; i < 3; i++) client.search('*').catch(() => {});
    expect(await operationsOf(stream, 3)).toEqual(['search', 'search', 'search']);
  });
});
