import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadLane } from '../src/lanes/index.ts';
import type { Annotation, Part } from '../src/wire/annotator.ts';
import { dissectConnection } from '../src/wire/dissect.ts';
import { dissectHttp2, opaqueBodies } from '../src/wire/http2/connection.ts';
import { Tally } from '../src/wire/tally.ts';
import type { KeyLog } from '../src/wire/tls/key-log.ts';
import { pcapOf, serverPort } from './pcap.ts';
import { type Chunk, dissect, hex } from './wire-chunks.ts';
import { play } from './wire-play.ts';

const title =
  spawnSync('tshark', ['--version']).status === 0
    ? 'tshark'
    : 'tshark (skipped: there is none; apt-get install tshark)';

const contractPath = fileURLToPath(new URL('../../protos/messageservice.proto', import.meta.url));

/** A direction of a connection, by one reading: lists in the order in which it crossed. */
interface Reading {
  readonly records: readonly number[];
  /** Length, type and stream of each frame. */
  readonly frames: readonly string[];
  /** Name, value, and how it was written. */
  readonly headers: readonly string[];
  readonly fields: readonly string[];
  readonly texts: readonly string[];
  /** In order of size: numbers of several types stand in several lists. */
  readonly numbers: readonly number[];
}

const frameTypes = [
  ...['DATA', 'HEADERS', 'PRIORITY', 'RST_STREAM', 'SETTINGS'],
  ...['PUSH_PROMISE', 'PING', 'GOAWAY', 'WINDOW_UPDATE', 'CONTINUATION'],
];

/** The dissectors' reading, by their annotations. */
function ownReading(annotations: readonly Annotation[]): Reading {
  const inOrder = annotations.toSorted((a, b) => a.offset - b.offset);
  const meanings = (layers: readonly string[], pattern: RegExp) =>
    inOrder.flatMap(({ layer, meaning }) => {
      const found = layers.includes(layer) ? pattern.exec(meaning)?.[1] : undefined;
      return found === undefined ? [] : [found];
    });
  const parts = [...new Set(inOrder.flatMap((annotation) => annotation.parts))];
  const frames = meanings(['http2Frames'], /^(?:length|type|stream) (\w+)/);
  return {
    records: inOrder.flatMap(({ layer, parts, meaning }) => {
      const isRecord = /^tls/.test(layer) && parts.at(-1)?.title.startsWith('TLS record');
      return isRecord && meaning.startsWith('length ') ? [Number(meaning.slice(7))] : [];
    }),
    frames: triples(frames).map(([length, type, stream]) =>
      [length, frameTypes.indexOf(type), stream].join(' '),
    ),
    headers: headerParts(inOrder).map(({ title, first }) => `${title}, ${representation(first)}`),
    fields: parts.flatMap(({ title }) => /^field (\w+)$/.exec(title)?.[1] ?? []),
    texts: meanings(['content'], /^\w+ "(.*)"(?:, random)?$/),
    numbers: meanings(['protobuf'], /^(?!length)\w+ (\d+)(?:: .+)?$/)
      .map(Number)
      .sort((a, b) => a - b),
  };
}

function triples(list: readonly string[]): (readonly [string, string, string])[] {
  return Array.from({ length: list.length / 3 }, (_, at) => {
    const [length = '', type = '', stream = ''] = list.slice(at * 3, at * 3 + 3);
    return [length, type, stream] as const;
  });
}

function headerParts(annotations: readonly Annotation[]) {
  const firsts = new Map<Part, string>();
  for (const { layer, parts, meaning } of annotations) {
    const header = parts.at(-1);
    if (layer === 'hpack' && header && !firsts.has(header)) firsts.set(header, meaning);
  }
  return [...firsts]
    .filter(([{ title }]) => title !== 'header table')
    .map(([{ title }, first]) => ({ title, first }));
}

const representations = [
  [/^name and value|^Indexed/, 'indexed'],
  [/to be remembered|with Incremental/, 'remembered'],
  [/not remembered|without Indexing/, 'literal'],
  [/never/, 'never-indexed'],
] as const;

function representation(words: string): string {
  return representations.find(([pattern]) => pattern.test(words))?.[1] ?? words;
}

const columns = [
  ...['tls.record.length', 'http2.length', 'http2.type', 'http2.streamid'],
  ...['http2.header.name', 'http2.header.value', 'http2.header.repr'],
  ...['protobuf.field.name', 'protobuf.field.value.string', 'protobuf.field.value.int32'],
  ...['protobuf.field.value.uint32', 'protobuf.field.value.uint64', 'protobuf.field.value.bool'],
];

/** Numbers of frames: what the dissectors call them, and what tshark does. */
const controls = [
  [/^(\d+) more bytes/, ['http2.window_update.window_size_increment']],
  [/^last stream (\d+)/, ['http2.goaway.last_stream_id']],
  [/^error code (\d+)/, ['http2.rst_stream.error', 'http2.goaway.error']],
  [/^depends on stream (\d+)/, ['http2.stream_dependency']],
  [/^weight (\d+)/, ['http2.headers.weight_real']],
  [/^promises stream (\d+)/, ['http2.push_promise.promised_stream_id']],
  [/^length (\d+) of the padding/, ['http2.padding']],
] as const;

type Packet = readonly (readonly string[])[];

/** Reads the same bytes with tshark: the cells of these columns, packet by packet, each way. */
function readColumns(
  chunks: readonly Chunk[],
  keyLog: KeyLog | undefined,
  columns: readonly string[],
) {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-tshark-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [capture, keys] = [join(directory, 'capture.pcap'), join(directory, 'keys')];
  writeFileSync(capture, pcapOf(chunks));
  writeFileSync(keys, keyLog?.text ?? '');
  copyFileSync(contractPath, join(directory, basename(contractPath)));
  const { status, stdout, stderr } = spawnSync(
    'tshark',
    [
      ...['-r', capture, '-T', 'fields', '-E', 'aggregator=^'],
      ...['tcp.dstport', ...columns].flatMap((column) => ['-e', column]),
      ...['-o', 'protobuf.preload_protos: TRUE'],
      ...['-o', `uat:protobuf_search_paths:"${directory}","TRUE"`],
      // Within TLS it knows HTTP/2 by its preface.
      ...['-d', `tcp.port==${serverPort},${keyLog === undefined ? 'http2' : 'tls'}`],
      ...['-o', `tls.keylog_file:${keys}`, '--enable-heuristic', 'http2_tls'],
    ],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  const packets: Packet[] = stdout
    .split('\n')
    .map((line) => line.split('\t').map((cell) => cell.split('^')));
  const list = (isToServer: boolean) => (column: string) =>
    packets
      .filter(([port]) => (port?.[0] === String(serverPort)) === isToServer)
      .flatMap((packet) => packet[columns.indexOf(column) + 1] ?? [])
      .filter((cell) => cell !== '');
  return { sent: list(true), received: list(false) };
}

function tsharkReading(chunks: readonly Chunk[], keyLog: KeyLog | undefined) {
  const { sent, received } = readColumns(chunks, keyLog, columns);
  return { sent: readingOf(sent), received: readingOf(received) };
}

function readingOf(list: (column: string) => readonly string[]): Reading {
  const [types, streams] = [list('http2.type'), list('http2.streamid')];
  const [values, written] = [list('http2.header.value'), list('http2.header.repr')];
  const numbers = ['int32', 'uint32', 'uint64', 'bool'].flatMap((type) =>
    list(`protobuf.field.value.${type}`),
  );
  return {
    records: list('tls.record.length').map(Number),
    frames: list('http2.length').map((length, at) => `${length} ${types[at]} ${streams[at]}`),
    headers: list('http2.header.name').map(
      (name, at) => `${name}: ${values[at]}, ${representation(written[at] ?? '')}`,
    ),
    fields: list('protobuf.field.name'),
    texts: list('protobuf.field.value.string'),
    numbers: numbers
      .map((number) => (number === 'True' ? 1 : Number(number)))
      .sort((a, b) => a - b),
  };
}

describe.skipIf(title !== 'tshark')(title, () => {
  it.each([
    ['grpc-unary', false],
    ['grpc-converse', false],
    ['grpc-unary', true],
    ['grpc-converse', true],
  ])(
    'reads the same frames, headers and fields on %s (TLS: %s)',
    { timeout: 60_000 },
    async (name, tls) => {
      const lane = await loadLane(name);
      const { chunks, keyLog } = await play(lane, tls);
      const { annotations } = dissect(
        (tally) => dissectConnection(lane, () => tally, keyLog),
        chunks,
      );
      const read = tsharkReading(chunks, keyLog);
      for (const way of ['sent', 'received'] as const) {
        const own = ownReading(annotations[way]);
        expect(own).toEqual(read[way]);
        expect(own.frames.length).toBeGreaterThan(10);
        expect(own.headers.length).toBeGreaterThan(5);
        expect(own.fields.length).toBeGreaterThan(10);
        expect(own.records.length > 10).toBe(tls);
      }
    },
  );

  // Each number of 31 bits stands behind its reserved bit, which is set.
  it('reads the same numbers in frames of every type', () => {
    const preface = hex('50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a 0d 0a 53 4d 0d 0a 0d 0a');
    const sent = hex(`
      00 00 00 04 00 00000000
      00 00 0c 01 2c 80000001 03 80000000 10 82 86 84 000000  // HEADERS, padded, with priority
      00 00 04 08 00 80000001 8000ffff                         // WINDOW_UPDATE
      00 00 05 02 00 00000003 80000001 ff                      // PRIORITY
      00 00 01 01 00 00000005 82                               // HEADERS, not whole
      00 00 02 09 04 00000005 86 84                            // CONTINUATION
      00 00 04 00 08 00000005 02 61 0000                       // DATA, padded
      00 00 04 03 00 80000005 00000008                         // RST_STREAM
      00 00 03 fa ff 00000000 010203                           // a type that nobody knows
      00 00 08 06 01 00000000 0102030405060708                 // PING`);
    const received = hex(`
      00 00 06 04 00 00000000 0003 000003e8
      00 00 0a 05 0c 00000001 02 80000002 82 86 84 0000        // PUSH_PROMISE, padded
      00 00 0a 07 00 00000000 80000007 0000000b 6279           // GOAWAY`);
    const chunks: Chunk[] = [
      { way: 'sent', bytes: Buffer.concat([preface, sent]) },
      { way: 'received', bytes: received },
    ];
    const { annotations } = dissect(
      (tally) =>
        dissectHttp2(
          Tally.annotators(() => tally),
          opaqueBodies,
        ),
      chunks,
    );
    const names = controls.flatMap(([, fields]) => fields);
    const read = readColumns(chunks, undefined, names);
    for (const way of ['sent', 'received'] as const) {
      const inOrder = annotations[way].toSorted((a, b) => a.offset - b.offset);
      for (const [pattern, fields] of controls) {
        const own = inOrder.flatMap(({ meaning }) => pattern.exec(meaning)?.[1] ?? []);
        expect(own.map(Number), String(pattern)).toEqual(fields.flatMap(read[way]).map(Number));
      }
    }
    const meanings = [...annotations.sent, ...annotations.received].map((one) => one.meaning);
    for (const [pattern] of controls) expect(meanings.join('\n')).toMatch(new RegExp(pattern, 'm'));
  });
});
