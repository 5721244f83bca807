import type { GatedStore } from '@tandem/chat/testing';
import { batchFramesOf, batchMetadata, type ClientFrame } from '@tandem/protos';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Stage } from '../fixture.ts';
import { frameStatuses, prefixed, RawSession, responseOf } from '../hostile/raw-session.ts';
import type { Conversing, TestClient } from '../test-client.ts';
import { alice, enter, send, startConversing } from './conversing.ts';

let store: GatedStore;
let stage: Stage;
let client: TestClient;
let plain: Conversing;
let stream: Conversing;

beforeEach(async () => {
  ({ store, stage, client, stream: plain } = await startConversing());
  stream = client.converse(batchMetadata());
});

const batch = (...frames: readonly ClientFrame[]): ClientFrame => ({
  batch: { frames: [...frames] },
});
const search = { search: { query: 'y' } };

/** The statuses of the messages until the end of the stream, those of a batch together. */
async function rest(of: Conversing): Promise<(number | number[])[]> {
  return (await of.rest()).map(({ statusCode, batch }) =>
    batch ? batch.frames.map((frame) => frame.statusCode) : statusCode,
  );
}

describe('a batch of requests', () => {
  it('may have every operation, and is answered in its order', async () => {
    const bob = { username: 'bob', secret: 'correct horse' };
    stream.say(
      batch({ login: alice }, { register: { username: 'zoe' } }, { registerWithSecret: bob }),
      batch(send('bob'), { block: { username: 'alice', name: 'bob' } }, search),
      batch(
        { unblock: { username: 'alice', name: 'bob' } },
        { acknowledge: {} },
        { logout: alice },
      ),
      batch(
        { loginWithSecret: { ...bob, username: 'eve' } },
        { resume: { username: 'bob' } },
        search,
      ),
      batch({ login: alice }, { changeSecret: { username: 'alice' } }, { delete: alice }),
    );
    stream.end();
    expect((await rest(stream)).flat()).toEqual([
      ...[8, 1, 2, 25, 72, 17, 80, 40, 14, 122, 17, 8, 64, 48],
    ]);
    expect(await stream.ended).toBe('OK');
  });

  it('is answered as its frames are one by one, whatever they ask for', async () => {
    const frame: fc.Arbitrary<ClientFrame> = fc.constantFrom<ClientFrame[]>(
      ...[search, send('bob'), send('b b'), { login: alice }, { logout: alice }],
      ...[{ register: alice }, { search: { query: '*' } }, { acknowledge: {} }],
    );
    const frames = fc.array(frame, { minLength: 1, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(frames, async (frames) => {
        const [alone, together] = [client.converse(), client.converse(batchMetadata())];
        for (const [stream, messages] of [
          [alone, frames],
          [together, [batch(...frames)]],
        ] as const) {
          stream.say(...messages);
          stream.end();
          expect(await stream.ended).toBe('OK');
        }
        expect((await rest(together)).flat()).toEqual(await rest(alone));
      }),
      { numRuns: 20 },
    );
  });

  it('is carried out whole before a half-close takes effect, page after page', async () => {
    const many = Array.from({ length: 50 }, () => batch(...Array(64).fill(search)));
    stream.say(...many);
    stream.end();
    expect((await rest(stream)).flat()).toEqual(Array(50 * 64).fill(17));
  });

  it('is carried out whole when the server stops meanwhile', async () => {
    const raw = await RawSession.connect(stage.server.port);
    const held = store.hold('addAccount');
    const opened = raw.open('Converse');
    const answer = responseOf(opened);
    const names = Array.from({ length: 40 }, (_, i) => ({ register: { username: `n${i}` } }));
    opened.write(raw.frame(batch(...names, search)));
    await Promise.all([held, raw.heard()]);
    const stopped = stage.server.stop();
    store.release('addAccount');
    const { bytes, grpcStatus } = await answer;
    expect([frameStatuses(bytes), grpcStatus]).toEqual([[...Array(40).fill(1), 17], 14]);
    await stopped;
  });
});

describe('a bad frame in a batch', () => {
  const late = { register: { username: 'late' } };

  it('ends the stream after the responses to the frames before it; those behind are not done', async () => {
    stream.say(batch(search, { register: { username: 'zoe' } }, {}, late));
    expect(await stream.ended).toBe('INVALID_ARGUMENT');
    expect((await rest(stream)).flat()).toEqual([17, 1]);
    expect((await client.ask('Search', { query: '*' })).results).toEqual(['alice', 'bob', 'zoe']);
  });

  it('may be a batch, a false acknowledgement, or no message of protobuf', async () => {
    await enter(stream);
    stream.say(batch(search, { acknowledge: { count: 1 } }, late));
    expect(await stream.ended).toBe('INVALID_ARGUMENT');
    expect((await rest(stream)).flat()).toEqual([17]);
    const raw = await RawSession.connect(stage.server.port);
    // A search, then one that is cut off, or a batch of a search, then a register of "x".
    for (const bad of ['0a021a05', '0a07c23e040a021a00']) {
      const frames = Buffer.from(`0a051a030a0179${bad}0a050a030a0178`, 'hex');
      const message = Buffer.concat([Buffer.from([0xc2, 0x3e, frames.length]), frames]);
      const opened = raw.open('Converse');
      opened.write(prefixed(message));
      const { grpcStatus, bytes } = await responseOf(opened);
      expect([grpcStatus, frameStatuses(bytes)]).toEqual([3, [17]]);
    }
    raw.destroy();
    expect((await client.ask('Search', { query: '*' })).results).toEqual(['alice', 'bob']);
  });
});

describe('a bad batch', () => {
  it.each([
    ['without a frame', batch()],
    ['of more frames than the server takes', batch(...Array(65).fill(search))],
  ])(
    '%s ends the stream after the responses before it, and nothing of it is done',
    async (_, bad) => {
      stream.say(search, bad, search);
      expect(await stream.ended).toBe('INVALID_ARGUMENT');
      expect((await rest(stream)).flat()).toEqual([17]);
    },
  );

  it('of more bytes than the server takes ends the stream with RESOURCE_EXHAUSTED', async () => {
    const frames = Array.from({ length: 64 }, (_, i) => send('bob', `${i}`.padEnd(60)));
    stream.say(batch(...frames));
    expect(await stream.ended).toBe('RESOURCE_EXHAUSTED');
    expect(await stage.unread('bob')).toEqual([]);
  });

  it('has something besides its frames', async () => {
    const raw = await RawSession.connect(stage.server.port);
    for (const hex of ['c23e040a021a001a00', 'c23e040a021a001001', 'c23e020801']) {
      const opened = raw.open('Converse');
      opened.write(Buffer.concat([raw.frame(search), prefixed(Buffer.from(hex, 'hex'))]));
      const { grpcStatus, bytes } = await responseOf(opened);
      expect([grpcStatus, frameStatuses(bytes)]).toEqual([3, [17]]);
    }
    raw.destroy();
  });
});

describe('batches of responses', () => {
  it('come to a client that takes them, and the server says first that it takes them, too', async () => {
    const said = new Promise<number>((resolve) =>
      stream.call.on('metadata', (metadata) => resolve(batchFramesOf(metadata))),
    );
    stream.say(batch(search, search, search), search);
    stream.end();
    expect(await rest(stream)).toEqual([[17, 17, 17], 17]);
    expect(await said).toBe(64);
  });

  it('have no more frames than the client takes', async () => {
    const metadata = batchMetadata();
    metadata.set('batch-frames-max', '2');
    const narrow = client.converse(metadata);
    narrow.say(batch(search, search, search));
    narrow.end();
    expect(await rest(narrow)).toEqual([[17, 17], 17]);
  });

  it('do not come to a client that has not said so, and nothing is said to it', async () => {
    const keys = new Promise<string[]>((resolve) =>
      plain.call.on('metadata', (metadata) => resolve(Object.keys(metadata.getMap()))),
    );
    plain.say(...Array(100).fill(search));
    plain.end();
    expect(await rest(plain)).toEqual(Array(100).fill(17));
    expect(await keys).not.toContain('batch-frames-max');
  });

  it('have messages between responses, in the order in which they came about', async () => {
    await enter(stream);
    stream.say(batch(send('alice', '1'), send('alice', '2'), search));
    stream.end();
    const statuses = (await rest(stream)).flat();
    expect(statuses.filter((status) => status !== 32)).toEqual([24, 24, 17]);
    expect(statuses.filter((status) => status === 32)).toHaveLength(2);
  });

  it('have the last responses before the end of a stream that the server ends', async () => {
    stream.say(batch(...Array(20).fill(search), {}));
    expect(await stream.ended).toBe('INVALID_ARGUMENT');
    expect(await rest(stream)).toEqual([Array(20).fill(17)]);
  });

  it('do not hold a page back, nor more than one of them', async () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `n${`${i}`.padStart(49, '0')}`);
    await Promise.all(names.map((username) => stage.service.register(username)));
    stream.say(batch(search, { search: { query: 'n*' } }, search));
    stream.end();
    const messages = await stream.rest();
    const frames = messages.flatMap((message) => message.batch?.frames ?? [message]);
    expect(frames.map(({ statusCode }) => statusCode)).toEqual([17, 18, 18, 16, 17]);
    expect(frames.flatMap(({ results }) => results)).toEqual(names);
    const pages = messages.map(
      (message) => message.batch?.frames.filter(({ results }) => results.length > 300).length ?? 0,
    );
    expect(Math.max(...pages)).toBeLessThanOrEqual(1);
  });
});
