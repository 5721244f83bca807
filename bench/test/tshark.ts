import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { Annotation, Part } from '../src/bytes/dissect/annotator.ts';
import type { KeyLog } from '../src/bytes/dissect/tls/key-log.ts';
import { pcapOf, serverPort } from './pcap.ts';
import type { Chunk } from './wire-chunks.ts';

/** True if there is a tshark. */
export const hasTshark = spawnSync('tshark', ['--version']).status === 0;

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
export function ownReading(annotations: readonly Annotation[]): Reading {
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
export const controls = [
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
export function readColumns(
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

/** Reads what `ownReading` does with tshark. */
export function tsharkReading(chunks: readonly Chunk[], keyLog: KeyLog | undefined) {
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
