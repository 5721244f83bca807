import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeFramedRequest,
  encodeFramedResponse,
  FramedRequestDecoder,
  FramedResponseDecoder,
  Operation,
  requestContentBytesLimit,
  Status,
} from '@tandem/core';
import { SeedRequestDecoder, SeedResponseDecoder } from '@tandem/core/seed';
import { describe, expect, it } from 'vitest';
import { hexOf, renderDemonstration } from '../src/vectors/demonstration.ts';
import { framedOversizedRequests, framedRequests } from '../src/vectors/framed-requests.ts';
import {
  framedLongestPage,
  framedResponses,
  framedUnknownStatuses,
} from '../src/vectors/framed-responses.ts';
import { seedRequests } from '../src/vectors/seed-requests.ts';
import { seedResponses } from '../src/vectors/seed-responses.ts';

interface Decoder<T> {
  push(chunk: Uint8Array): void;
  next(): T | undefined;
}

interface FramedVector {
  readonly name: string;
  readonly hex: string;
  readonly frame: { readonly kind: string };
}

/** Everything that the decoder makes of the chunks, up to a frame after which there is nothing to ask for. */
function decode<T extends object>(decoder: Decoder<T>, chunks: readonly Uint8Array[]): T[] {
  const frames: T[] = [];
  for (const chunk of chunks) {
    decoder.push(Buffer.from(chunk));
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
      frames.push(frame);
      if (isLast(frame)) return frames;
    }
  }
  return frames;
}

function isLast(frame: object): boolean {
  return 'kind' in frame && (frame.kind === 'oversized' || frame.kind === 'unknown-status');
}

function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return [...bytes].map((byte) => Uint8Array.of(byte));
}

function cutAt(bytes: Uint8Array, place: number): Uint8Array[] {
  return [bytes.subarray(0, place), bytes.subarray(place)];
}

/** Runs vectors against the decoder that `read` makes: whole, cut, and behind all that go on. */
function runFramed(
  read: (chunks: readonly Uint8Array[]) => unknown[],
  goingOn: readonly FramedVector[],
  ending: readonly FramedVector[],
): void {
  const allBytes = Buffer.concat(goingOn.map(({ hex }) => bytesOf(hex)));
  const allFrames = goingOn.map(({ frame }) => frame);

  it.each([...goingOn, ...ending])(
    '$name: whole, byte by byte and cut at every place',
    (vector) => {
      const bytes = bytesOf(vector.hex);
      expect(read([bytes])).toEqual([vector.frame]);
      expect(read(byteByByte(bytes))).toEqual([vector.frame]);
      for (let place = 1; place < bytes.length; place++) {
        expect(read(cutAt(bytes, place))).toEqual([vector.frame]);
      }
    },
  );

  it('all of them as one chunk, byte by byte, and cut at every place', () => {
    expect(read([allBytes])).toEqual(allFrames);
    expect(read(byteByByte(allBytes))).toEqual(allFrames);
    for (let place = 1; place < allBytes.length; place++) {
      expect(read(cutAt(allBytes, place))).toEqual(allFrames);
    }
  });

  it.each(ending)('$name: behind all others, with more bytes behind it', ({ hex, frame }) => {
    const bytes = Buffer.concat([allBytes, bytesOf(hex), bytesOf('01 00 05 61')]);
    expect(read([bytes])).toEqual([...allFrames, frame]);
    expect(read(byteByByte(bytes))).toEqual([...allFrames, frame]);
  });
}

describe('framed requests', () => {
  runFramed(
    (chunks) => decode(new FramedRequestDecoder(), chunks),
    framedRequests,
    framedOversizedRequests,
  );

  const known = framedRequests.flatMap(({ name, hex, frame }) => {
    const operation = Object.values(Operation).find((code) => code === frame.operation);
    return operation === undefined || frame.kind === 'oversized'
      ? []
      : [{ name, hex, operation, content: frame.content }];
  });

  it.each(known)('$name: is what the encoder writes', ({ hex, operation, content }) => {
    expect(hexOf(encodeFramedRequest(operation, content))).toBe(hex);
  });
});

describe('framed responses', () => {
  const read = (chunks: readonly Uint8Array[]) => decode(new FramedResponseDecoder(), chunks);

  runFramed(read, framedResponses, framedUnknownStatuses);

  it('reads the longest page whole, byte by byte, and cut where it may go wrong', () => {
    const bytes = bytesOf(framedLongestPage.hex);
    expect(read([bytes])).toEqual([framedLongestPage.frame]);
    expect(read(byteByByte(bytes))).toEqual([framedLongestPage.frame]);
    for (const place of [1, 2, 3, 4, 255, 256, 32_768, bytes.length - 1]) {
      expect(read(cutAt(bytes, place))).toEqual([framedLongestPage.frame]);
    }
  });

  const known = [...framedResponses, framedLongestPage].flatMap(({ name, hex, frame }) =>
    frame.kind === 'unknown-status' ? [] : [{ name, hex, frame }],
  );

  it.each(known)('$name: is what the encoder writes', ({ hex, frame }) => {
    expect(hexOf(encodeFramedResponse(frame.status, frame.content))).toBe(hex);
  });

  it('shows every status there is', () => {
    expect(new Set(known.map(({ frame }) => frame.status))).toEqual(new Set(Object.values(Status)));
  });
});

describe('seed requests', () => {
  it.each(seedRequests)('$name', ({ reads, requests }) => {
    expect(decode(new SeedRequestDecoder(), reads.map(bytesOf))).toEqual(requests);
  });
});

describe('seed responses', () => {
  it.each(seedResponses)('$name', ({ reads, responses }) => {
    expect(decode(new SeedResponseDecoder(), reads.map(bytesOf))).toEqual(responses);
  });
});

describe('docs/PROTOCOL.md', () => {
  const root = join(import.meta.dirname, '../../..');
  const text = readFileSync(join(root, 'docs/PROTOCOL.md'), 'utf8');

  /** The cells of a clause's table whose first cell is a code. */
  function rowsOf(clause: string): string[][] {
    const body = text.split(`\n### ${clause} `)[1]?.split('\n#')[0] ?? '';
    return body
      .split('\n')
      .filter((line) => /^\| (\d|any other)/.test(line))
      .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
      .map((cells) => cells.slice(1, -1));
  }

  it('has the operations that the code has', () => {
    const operations = rowsOf('3.1').map(([code, name]) => [name, Number(code)]);
    expect(Object.fromEntries(operations)).toEqual(Operation);
  });

  it('has the status codes that the code has, and says which have content', () => {
    const rows = rowsOf('3.2').map(([code, , , content]) => [Number(code), content !== '']);
    const statuses = Object.values(Status);
    expect(rows).toEqual(statuses.map((code) => [code, encodeFramedResponse(code).length > 1]));
  });

  it('has the size limits that the code has', () => {
    const limits = rowsOf('6.5').flatMap(([codes = '', limit = '']) =>
      codes
        .split(', ')
        .map(
          (code) => [code === 'any other' ? 7 : Number(code), Number.parseInt(limit, 10)] as const,
        ),
    );
    expect(limits.map(([code]) => code)).toEqual([1, 2, 5, 6, 3, 4, 8, 7]);
    for (const [code, limit] of limits) expect(requestContentBytesLimit(code)).toBe(limit);
  });

  it('works out the vectors, and explains every byte of them', () => {
    const examples = [...text.matchAll(/```hex (\S+)\n([^`]*)```/g)].map(([, name, block = '']) => {
      const lines = block.trimEnd().split('\n');
      const explained = lines.map((line) => /^((?:[0-9a-f]{2} )+) +\S/.exec(line)?.[1]?.trim());
      expect(explained, `${name}: every line has bytes and says what they are`).not.toContain(
        undefined,
      );
      return [name, explained.join(' ')];
    });
    const vectors = [
      ...[...framedRequests, ...framedOversizedRequests, ...framedResponses].map(
        ({ name, hex }) => [name, hex],
      ),
      ...[...seedRequests, ...seedResponses].map(({ name, reads }) => [name, reads.join(' | ')]),
    ].filter(([name]) => /^(framed|seed)-\S+$/.test(name ?? ''));
    expect(examples.length).toBe(vectors.length);
    expect(Object.fromEntries(examples)).toEqual(Object.fromEntries(vectors));
  });

  it('shows what the demonstration prints', () => {
    expect(text).toContain(`\`\`\`text\n${renderDemonstration()}\`\`\``);
  });

  it('has every clause that the code cites', () => {
    const clauses = new Set(
      [...text.matchAll(/^#{2,3} (\d+(?:\.\d+)?)[. ]/gm)].map(([, clause]) => clause),
    );
    // Curves have such names, too, with three digits.
    const missing = sourcesUnder(join(root, 'packages')).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/P-(\d{1,2}(?:\.\d+)?)\b/g)]
        .filter(([, clause]) => !clauses.has(clause))
        .map(([cited]) => `${path}: ${cited}`),
    );
    expect(missing).toEqual([]);
  });
});

function sourcesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesUnder(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

/** The bytes that hex pairs with blanks between them stand for: `'01 00 05'`. */
function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}
