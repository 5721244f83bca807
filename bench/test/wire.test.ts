import { patienceMs } from '@tandem/command/testing/patience';
import { Operation } from '@tandem/core';
import { beforeAll, describe, expect, it, type TestContext, vi } from 'vitest';
import { sum, unsteadyHeaders } from '../src/bytes/dissect/tally.ts';
import type { Layer, Traffic } from '../src/bytes/index.ts';
import {
  measureWire,
  renderWire,
  renderWireMarkdown,
  variationOf,
  type WireEntry,
  type WireLedger,
  wireLedgerSchema,
} from '../src/bytes/index.ts';
import { absence } from '../src/bytes/record/absence.ts';
import { unlisted } from '../src/bytes/record/recorder.ts';
import type { Recording } from '../src/bytes/record/recording.ts';
import { laneNames, loadLane } from '../src/lanes/index.ts';
import type { Lane } from '../src/lanes/lane.ts';
import { play } from './wire-play.ts';

const lanes = await Promise.all(laneNames.map(loadLane));
// The tap cannot read these. The lane without TLS is measured in their place, through a tunnel too.
const encrypted = lanes.filter(({ resume }) => resume !== undefined);
const wired = lanes.filter(
  (lane) => lane.wire !== 'none' && !encrypted.includes(lane) && lane.messagesOnly !== true,
);
const wiredNames = wired.map(({ name }) => name);
// Lanes against themselves send what their equals do.
const distinct = wired.filter(({ name }) => !name.endsWith('-again'));

/** The sums of a recording's annotations, of which each byte has one. */
function annotatedOnce({ flights }: Recording) {
  const layers: Partial<Record<Layer, Traffic>> = {};
  const tap = { sent: 0, received: 0 };
  for (const { direction, bytes, annotations } of flights) {
    let at = 0;
    for (const { offset, length, layer, meaning } of annotations) {
      // Of many thousands, so that an `expect` for each would take a second.
      if (offset !== at || meaning === '') throw new Error(`${offset} is ${at}: "${meaning}"`);
      at += length;
      const so = layers[layer] ?? { sent: 0, received: 0 };
      layers[layer] = { ...so, [direction]: so[direction] + length };
    }
    expect(at).toBe(bytes.length);
    tap[direction] += bytes.length;
  }
  return { layers, tap };
}

function callsOf(operation: string): string[] {
  const isConnection = operation === 'connect' || operation === 'close';
  return isConnection
    ? [`${operation}, connection`]
    : [`${operation}, first`, `${operation}, warm`];
}

/** The entries of a lane whose script was played, by what was played. */
const played = new Map<string, readonly WireEntry[]>();

/** Plays the script on a lane, and keeps the entries. */
async function playAndKeep(lane: Lane, tls: boolean, test: Pick<TestContext, 'onTestFinished'>) {
  const result = await play(lane, tls, test);
  played.set(`${lane.name} ${tls}`, result.entries);
  return result;
}

describe.each([
  ['TCP', false],
  ['TLS', true],
])("the ledger's layers add up to the tap's bytes over %s", (_, tls) => {
  // Beside one another: most of the time, each waits until its wire is quiet.
  it.concurrent.for(distinct)('for every operation on $name', async (lane, context) => {
    const { entries, recordings, route } = await playAndKeep(lane, tls, context);
    expect(recordings).toHaveLength(entries.length);
    for (const [at, { layers, total, tap }] of entries.entries()) {
      expect(sum(Object.values(layers))).toEqual(tap);
      expect(total).toEqual(tap);
      expect(annotatedOnce(recordings[at] as Recording)).toEqual({ layers, tap });
    }
    // The proxy counts by itself what the entries are made from.
    expect(sum(entries.map(({ tap }) => tap))).toEqual(route.tap.traffic);
    const plain = entries.map(({ layers: { tlsHandshake: _handshake, tlsRecords: _, ...plain } }) =>
      sum(Object.values(plain)),
    );
    expect(sum(plain)).toEqual((route.plainTap ?? route.tap).traffic);
    // By the own table of the protocol: an operation that the script does not have fails here.
    const all = ['connect', ...Object.keys(Operation), 'incoming', 'loginUnread', 'close'];
    const expected = lane.hasChat
      ? all.filter((operation) => absence(lane.name, operation) === undefined)
      : ['connect', 'search', 'send', 'close'];
    const listed = entries.filter(({ operation }) => operation !== unlisted);
    const calls = new Set(listed.map(({ operation, call }) => `${operation}, ${call}`));
    expect([...calls].sort()).toEqual(expected.flatMap(callsOf).sort());
  });
});

/** The part of an entry that is the same in every run. */
function steady({ segments: _, headers = [], layers, ...entry }: WireEntry) {
  const unsteady = { sent: 0, received: 0 };
  for (const { name, direction, bytes } of headers) {
    if (unsteadyHeaders.has(name)) unsteady[direction] += bytes;
  }
  const hpack = layers.hpack ?? { sent: 0, received: 0 };
  const steadyHpack = {
    sent: hpack.sent - unsteady.sent,
    received: hpack.received - unsteady.received,
  };
  const what = `${entry.lane} ${entry.operation} ${entry.call} ${entry.tls}`;
  return { what, layers: { ...layers, hpack: steadyHpack } };
}

describe('measureWire', () => {
  const measured = ['net-echo', 'sockets-seed', 'sockets-framed', 'grpc-unary', 'grpc-converse'];
  const done: string[] = [];
  let ledger: WireLedger;

  beforeAll(async () => {
    ledger = await measureWire({
      lanes: ['in-process', ...measured],
      tls: true,
      onProgress: ({ lane, tls, begun: count, of }) => done.push(`${count}/${of} ${lane} ${tls}`),
    });
  });

  const entryOf = (lane: string, operation: string, call: string, tls = false, from = ledger) =>
    from.entries.find(
      (entry) =>
        entry.lane === lane &&
        entry.operation === operation &&
        entry.call === call &&
        entry.tls === tls,
    );

  it('gives the same ledger again, but for what headers carry that differs', async (context) => {
    const again = wired.filter(({ name }) =>
      ['sockets-framed', 'grpc-unary', 'grpc-converse'].includes(name),
    );
    expect(again).toHaveLength(3);
    for (const lane of again) {
      for (const tls of [false, true]) {
        // The tests above have played them; this test by itself plays them.
        const entries =
          played.get(`${lane.name} ${tls}`) ?? (await play(lane, tls, context)).entries;
        const listed = entries.filter(({ operation }) => operation !== unlisted);
        const first = ledger.entries.filter(
          (entry) => entry.lane === lane.name && entry.tls === tls,
        );
        expect(listed.map(steady)).toEqual(first.map(steady));
      }
    }
  });

  it('counts what the protocols fix', () => {
    const layersOf = (lane: string, operation: string, call = 'warm') =>
      entryOf(lane, operation, call)?.layers;
    for (const call of ['first', 'warm']) {
      // docs/PROTOCOL.md: op, length, username; a status. 8 characters a name, 32 the body.
      expect(layersOf('sockets-framed', 'register', call)).toEqual({
        content: { sent: 8, received: 0 },
        framing: { sent: 3, received: 1 },
      });
      expect(layersOf('sockets-framed', 'search', call)).toEqual({
        content: { sent: 8, received: 8 },
        framing: { sent: 3, received: 3 },
      });
      expect(layersOf('sockets-framed', 'send', call)).toEqual({
        content: { sent: 48, received: 0 },
        separators: { sent: 2, received: 0 },
        framing: { sent: 3, received: 1 },
      });
      expect(layersOf('sockets-framed', 'incoming', call)).toEqual({
        content: { sent: 0, received: 40 },
        separators: { sent: 0, received: 1 },
        framing: { sent: 0, received: 3 },
      });
      expect(layersOf('sockets-framed', 'acknowledge', call)).toEqual({
        framing: { sent: 4, received: 0 },
      });
      expect(layersOf('sockets-seed', 'acknowledge', call)).toEqual({});
      expect(layersOf('grpc-converse', 'search', call)).toEqual({
        content: { sent: 8, received: 8 },
        protobuf: { sent: 4, received: 4 },
        grpcPrefix: { sent: 5, received: 5 },
        http2Frames: { sent: 9, received: 9 },
      });
    }
    // HEADERS and DATA; HEADERS, DATA and trailers.
    expect(layersOf('grpc-unary', 'search')).toMatchObject({
      content: { sent: 8, received: 8 },
      grpcPrefix: { sent: 5, received: 5 },
      http2Frames: { sent: 2 * 9, received: 3 * 9 },
    });
    expect(layersOf('sockets-framed', 'connect', 'connection')).toEqual({
      framing: { sent: 1, received: 1 },
    });
  });

  it('counts what secrets, tokens and unread messages take', () => {
    const layersOf = (lane: string, operation: string) => entryOf(lane, operation, 'warm')?.layers;
    // docs/PROTOCOL.md: 15 characters a secret, 43 a token; a status of its own with the token.
    expect(layersOf('sockets-framed', 'loginUnread')).toEqual({
      content: { sent: 8, received: 2 * 40 },
      separators: { sent: 0, received: 2 + 1 },
      framing: { sent: 3, received: 3 },
    });
    expect(layersOf('sockets-framed', 'registerWithSecret')).toEqual({
      content: { sent: 8 + 15, received: 0 },
      separators: { sent: 1, received: 0 },
      framing: { sent: 3, received: 1 },
    });
    expect(layersOf('sockets-framed', 'loginWithSecret')).toEqual({
      content: { sent: 8 + 15, received: 43 },
      separators: { sent: 1, received: 0 },
      framing: { sent: 3, received: 3 + 1 },
    });
    expect(layersOf('sockets-framed', 'resume')).toEqual({
      content: { sent: 8 + 43, received: 43 },
      separators: { sent: 2, received: 0 },
      framing: { sent: 3 + 1, received: 3 + 1 },
    });
    expect(layersOf('sockets-framed', 'changeSecret')).toEqual({
      content: { sent: 8 + 15 + 15, received: 43 },
      separators: { sent: 2, received: 0 },
      framing: { sent: 3, received: 3 },
    });
    for (const operation of ['block', 'unblock']) {
      expect(layersOf('sockets-framed', operation)).toEqual({
        content: { sent: 8 + 8, received: 0 },
        separators: { sent: 1, received: 0 },
        framing: { sent: 3, received: 1 },
      });
    }
    for (const operation of ['loginUnread', 'loginWithSecret', 'resume', 'changeSecret', 'block']) {
      const { content } = layersOf('sockets-framed', operation) ?? {};
      expect(layersOf('grpc-converse', operation)?.content, operation).toEqual(content);
    }
    expect(layersOf('sockets-seed', 'resume')).toBeUndefined();
    expect(renderWire(ledger)).toContain('sockets-seed has no registerWithSecret, loginWithSecret');
    expect(renderWireMarkdown(ledger)).toMatch(/^sockets-seed has no .*resume\. The seed dialect/m);
  });

  it.runIf(process.platform === 'linux')('counts the segments that the kernel sent', async () => {
    let counted = ledger;
    const check = () => {
      const segmentsOf = (lane: string, operation: string) =>
        entryOf(lane, operation, 'warm', false, counted)?.dataSegments;
      expect(segmentsOf('sockets-framed', 'send')).toEqual({ sent: 1, received: 1 });
      expect(segmentsOf('sockets-framed', 'acknowledge')).toEqual({ sent: 1, received: 0 });
      expect(segmentsOf('grpc-converse', 'send')).toEqual({ sent: 1, received: 1 });
      expect(segmentsOf('grpc-unary', 'send')).toEqual({ sent: 1, received: 1 });
      // 54 bytes, and three packets of 52: request, response, acknowledgement.
      expect(renderWire(counted)).toMatch(/sockets-framed +178 in 3 +210 in 3/);
      // docs/WIRE.md says so; of a unary call, a random token makes 2 bytes more or less.
      expect(renderWire(counted)).toMatch(/grpc-converse +\d+ in 3 +242 in 3/);
      expect(renderWire(counted)).toMatch(/grpc-unary +\d+ in 3 +3(29|3[0-3]) in 3/);
    };
    // A busy machine may send a call in one segment more: then all are counted again.
    await vi.waitFor(
      async () => {
        try {
          check();
        } catch (error) {
          counted = await measureWire({ lanes: measured, tls: false });
          throw error;
        }
      },
      { timeout: patienceMs },
    );
    expect(entryOf('grpc-unary', 'connect', 'connection')?.dataSegments).toBeUndefined();
  });

  it('says what a random token and a new second make of a call', () => {
    const send = entryOf('grpc-unary', 'send', 'warm') as WireEntry;
    const { tokens, newSecondBytes } = variationOf(send) ?? { tokens: [0, 0] };
    const total = send.total.sent + send.total.received;
    expect(tokens[1] - tokens[0]).toBe(4);
    expect(total).toBeGreaterThanOrEqual(tokens[0]);
    expect(total).toBeLessThanOrEqual(tokens[1]);
    // `date: Fri, 27 Nov 2026 13:21:49 GMT` in place of its number in the table.
    expect(newSecondBytes).toBeGreaterThan(20);
    expect(variationOf(entryOf('grpc-unary', 'search', 'warm') as WireEntry)?.tokens).toEqual([
      110, 110,
    ]);
  });

  it('has every response but the first find its date in the table', () => {
    const unary = ledger.entries.filter(({ lane, tls }) => lane === 'grpc-unary' && !tls);
    const dates = unary.flatMap(({ operation, call, headers = [] }) =>
      headers
        .filter(({ name }) => name === 'date')
        .map(({ representation }) => `${operation}, ${call}: ${representation}`),
    );
    expect(dates.length).toBeGreaterThan(10);
    expect(dates.filter((date) => !date.endsWith('indexed'))).toEqual([
      'register, first: remembered',
    ]);
  });

  it('counts what TLS fixes', () => {
    const layersOf = (operation: string, call: string) =>
      entryOf('net-echo', operation, call, true)?.layers;
    // Nothing but the handshake, session tickets included.
    expect(Object.keys(layersOf('connect', 'connection') ?? {})).toEqual(['tlsHandshake']);
    // RFC 8446: a header of 5 bytes, the type, a tag of 16 for each record; an alert takes 2.
    expect(layersOf('search', 'warm')).toEqual({
      content: { sent: 8, received: 8 },
      tlsRecords: { sent: 22, received: 22 },
    });
    expect(layersOf('close', 'connection')).toEqual({ tlsRecords: { sent: 24, received: 24 } });
  });

  it('shows what a token and HPACK make of a call', () => {
    const written = (operation: string, call: string) =>
      Object.fromEntries(
        entryOf('grpc-unary', operation, call)
          ?.headers?.filter(({ direction }) => direction === 'sent')
          .map(({ name, representation }) => [name, representation]) ?? [],
      );
    expect(written('register', 'first')).toMatchObject({
      ':path': 'literal',
      'user-agent': 'remembered',
    });
    expect(written('register', 'warm')).toMatchObject({
      ':path': 'literal',
      'user-agent': 'indexed',
    });
    // Whoever guesses at a header table must not learn a token from it.
    expect(written('send', 'warm').authorization).toBe('never-indexed');
    expect(JSON.stringify(ledger)).not.toMatch(/[0-9a-f]{32}/);
  });

  it('gives what the schema says, and can be shown', () => {
    expect(wireLedgerSchema.parse(JSON.parse(JSON.stringify(ledger)))).toEqual(ledger);
    const runs = measured.flatMap((lane) => [`${lane} false`, `${lane} true`]);
    expect(done).toEqual(runs.map((run, count) => `${count}/${runs.length} ${run}`));
    expect(renderWire(ledger)).toContain('send, over TLS 1.3');
    const framed = ledger.entries.filter(({ lane }) => lane === 'sockets-framed');
    expect(renderWireMarkdown({ ...ledger, entries: framed })).toContain(
      '| sockets-framed | 48 | 2 | 4 | 53 | 1 | 54 | 54 |',
    );
    const text = JSON.stringify({ operation: 'register', username: 'alice001' });
    expect(ledger.json.find(({ operation }) => operation === 'register')?.bytes).toEqual({
      sent: text.length,
      received: '{"status":1}'.length,
    });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const measured = measureWire({
      lanes: wiredNames,
      tls: false,
      onProgress: () => controller.abort(new Error('enough')),
      signal: controller.signal,
    });
    await expect(measured).rejects.toThrow('enough');
  });

  it.each(encrypted)(
    'refuses $name, and names the lane to measure',
    async ({ name, baselines }) => {
      expect(wiredNames).toContain(baselines[0]);
      const measured = measureWire({ lanes: ['net-echo', name], tls: false });
      await expect(measured).rejects.toThrow(`measure ${baselines[0]} with TLS beside it`);
    },
  );

  it('knows no lane that there is not', async () => {
    await expect(measureWire({ lanes: ['carrier-pigeon'], tls: false })).rejects.toThrow(
      'carrier-pigeon',
    );
  });
});
