import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadLane } from '../src/lanes/index.ts';
import type { Annotation, Part } from '../src/wire/annotator.ts';
import { dissectConnection } from '../src/wire/dissect.ts';
import type { KeyLog } from '../src/wire/tls/key-log.ts';
import { pcapOf, serverPort } from './pcap.ts';
import { type Chunk, dissect } from './wire-chunks.ts';
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
    texts: meanings(['content'], /^\w+ "(.*)"$/),
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
  ...['tcp.dstport', 'tls.record.length', 'http2.length', 'http2.type', 'http2.streamid'],
  ...['http2.header.name', 'http2.header.value', 'http2.header.repr'],
  ...['protobuf.field.name', 'protobuf.field.value.string', 'protobuf.field.value.int32'],
  ...['protobuf.field.value.uint32', 'protobuf.field.value.uint64', 'protobuf.field.value.bool'],
];

/** Reads the same bytes with tshark. */
function tsharkReading(chunks: readonly Chunk[], keyLog: KeyLog | undefined) {
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
      ...columns.flatMap((column) => ['-e', column]),
      ...['-o', 'protobuf.preload_protos: TRUE'],
      ...['-o', `uat:protobuf_search_paths:"${directory}","TRUE"`],
      // Within TLS it knows HTTP/2 by its preface.
      ...['-d', `tcp.port==${serverPort},${keyLog === undefined ? 'http2' : 'tls'}`],
      ...['-o', `tls.keylog_file:${keys}`, '--enable-heuristic', 'http2_tls'],
    ],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  const packets = stdout.split('\n').map((line) => line.split('\t').map((cell) => cell.split('^')));
  const toServer = (packet: readonly (readonly string[])[]) =>
    packet[0]?.[0] === String(serverPort);
  return {
    sent: readingOf(packets.filter(toServer)),
    received: readingOf(packets.filter((packet) => !toServer(packet))),
  };
}

function readingOf(packets: readonly (readonly (readonly string[])[])[]): Reading {
  const list = (column: string) =>
    packets
      .flatMap((packet) => packet[columns.indexOf(column)] ?? [])
      .filter((cell) => cell !== '');
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
});
