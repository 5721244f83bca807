import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader, lineCharsMax } from './line-reader.ts';

function readerOf(input: PassThrough, output: NodeJS.WriteStream, typed = false): LineReader {
  const streams = { input: input as unknown as NodeJS.ReadStream, output, errorOutput: output };
  return new LineReader({ ...streams, typed });
}

/** Returns the events of a reader whose input comes in these chunks, a line at a time. */
async function read(chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
  const input = new PassThrough();
  const output = new PassThrough() as unknown as NodeJS.WriteStream;
  const reader = readerOf(input, output);
  const events: string[] = [];
  const ended = new Promise<void>((resolve) => {
    const next = (event: string) => {
      events.push(event);
      reader.refresh({ prompt: '', wantsLine: true });
    };
    reader.start({
      onLine: next,
      onOverlong: (charsMax) => next(`longer than ${charsMax}`),
      onEnd: resolve,
      onInterrupt: () => undefined,
      onHangUp: () => undefined,
      complete: async () => [[], ''],
    });
  });
  reader.refresh({ prompt: '', wantsLine: true });
  for (const chunk of chunks) input.write(chunk);
  input.end();
  await ended;
  return events;
}

describe('LineReader', () => {
  const bytes = Buffer.from('one\r\n\ncaf\u00e9\nlast');
  it.each([
    ['whole', [bytes]],
    ['byte by byte', [...bytes].map((byte) => Uint8Array.of(byte))],
  ])('reads lines without their ends, %s', async (_, chunks) => {
    expect(await read(chunks)).toEqual(['one', '', 'caf\u00e9', 'last']);
  });

  it('leaves out a byte order mark, at the beginning alone, however it comes', async () => {
    const marked = Buffer.from('\ufeffone\n\ufefftwo\n');
    const expected = ['one', '\ufefftwo'];
    expect(await read([marked])).toEqual(expected);
    expect(await read([...marked].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('does not keep a line that is too long, however it comes, and goes on after it', async () => {
    const longest = 'x'.repeat(lineCharsMax);
    const text = `${longest}\n${longest}x\nnext\n${longest.repeat(40)}\nlast\n`;
    const overlong = `longer than ${lineCharsMax}`;
    const expected = [longest, overlong, 'next', overlong, 'last'];
    expect(await read([text])).toEqual(expected);
    expect(await read(text.match(/.{1,1000}/gs) ?? [])).toEqual(expected);
  });

  it('ends a line at newlines alone, whatever else Unicode calls a line break, however it comes', async () => {
    const letter = fc.constantFrom(...'ab \t\v\f\r\u0085\u2028\u2029');
    const lines = fc.array(fc.string({ unit: letter, minLength: 1, maxLength: 9 }), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.constantFrom('\n', '\r\n'),
        fc.nat(9),
        async (given, end, size) => {
          // A carriage return before the newline is part of the end.
          const kept = given.map((line) => line.replace(/\r$/, '.'));
          const bytes = Buffer.from(kept.map((line) => line + end).join(''));
          const chunks = [];
          for (let from = 0; from < bytes.length; from += size + 1) {
            chunks.push(bytes.subarray(from, from + size + 1));
          }
          expect(await read(chunks)).toEqual(kept);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('shows a prompt once to somebody who types, and again below what was printed', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const reader = readerOf(input, output as unknown as NodeJS.WriteStream, true);
    const lines: string[] = [];
    const wanted = { prompt: '> ', wantsLine: true };
    const typed = Promise.withResolvers<void>();
    reader.start({
      onLine: (line) => {
        lines.push(line);
        typed.resolve();
      },
      onOverlong: () => undefined,
      onEnd: () => undefined,
      onInterrupt: () => undefined,
      onHangUp: () => undefined,
      complete: async () => [[], ''],
    });
    reader.refresh(wanted);
    reader.refresh(wanted);
    reader.print('<- bob: hi\n', false);
    reader.refresh(wanted);
    reader.refresh({ prompt: 'to: ', wantsLine: true });
    expect(String(output.read())).toBe('> \n<- bob: hi\n> \nto: ');
    input.write('alice\n');
    await typed.promise;
    expect(lines).toEqual(['alice']);
    reader.print('done\n', true);
    reader.close();
    expect(String(output.read())).toBe('done\n');
  });

  it('reads no line before one is wanted', () => {
    const input = new PassThrough();
    const output = new PassThrough() as unknown as NodeJS.WriteStream;
    const reader = readerOf(input, output);
    reader.refresh({ prompt: '', wantsLine: false });
    input.write('line\n');
    expect(input.readableLength).toBe(5);
    reader.close();
  });
});
