import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LineReader, lineCharsMax } from './line-reader.ts';

/** What a reader says of an input that comes in these chunks, a line at a time. */
async function read(chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
  const input = new PassThrough();
  const output = new PassThrough() as unknown as NodeJS.WriteStream;
  const reader = new LineReader(input as unknown as NodeJS.ReadStream, output, output);
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
      complete: () => [[], ''],
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

  it('does not keep a line that is too long, however it comes, and goes on after it', async () => {
    const longest = 'x'.repeat(lineCharsMax);
    const text = `${longest}\n${longest}x\nnext\n${longest.repeat(40)}\nlast\n`;
    const overlong = `longer than ${lineCharsMax}`;
    const expected = [longest, overlong, 'next', overlong, 'last'];
    expect(await read([text])).toEqual(expected);
    expect(await read(text.match(/.{1,1000}/gs) ?? [])).toEqual(expected);
  });

  it('reads no line before one is wanted', () => {
    const input = new PassThrough();
    const output = new PassThrough() as unknown as NodeJS.WriteStream;
    const reader = new LineReader(input as unknown as NodeJS.ReadStream, output, output);
    reader.refresh({ prompt: '', wantsLine: false });
    input.write('line\n');
    expect(input.readableLength).toBe(5);
    reader.close();
  });
});
