import { describe, expect, it } from 'vitest';
import { FramedDialect } from '../src/framed-dialect.ts';
import { loginTo } from './mailbox.ts';
import { drainToEnd, RecordedOutput } from './recorded-output.ts';

const dialect = new FramedDialect();

async function loginPages(bodies: readonly string[]): Promise<Buffer[]> {
  const output = new RecordedOutput();
  await drainToEnd(output, dialect.login((await loginTo(bodies)).result, output));
  return output.writes;
}

async function searchPages(usernames: readonly string[], status: 16 | 19 = 16): Promise<Buffer[]> {
  const output = new RecordedOutput();
  await drainToEnd(output, dialect.search({ status, usernames }, output));
  return output.writes;
}

function headers(pages: readonly Buffer[]): string[] {
  return pages.map((page) => page.toString('hex', 0, 3));
}

/** Usernames of so many characters together, separators included. */
function usernamesOf(chars: number): string[] {
  const usernames: string[] = [];
  let left = chars;
  for (let i = 10_000; left > 0; i++) {
    // Never leave a rest that is a separator without a name.
    const length = left > 51 ? 45 : left;
    usernames.push(`${i}${'n'.repeat(length)}`.slice(0, length));
    left -= length + 1;
  }
  return usernames;
}

describe('the framed answer to a login', () => {
  it('is 8 for an empty mailbox', async () => {
    expect(headers(await loginPages([]))).toEqual(['08']);
  });

  it('is one 9 when it fits', async () => {
    expect((await loginPages(['hi', 'yo']))[0]?.toString('latin1')).toBe(
      '\x09\x00\x0dbob|hi\nbob|yo',
    );
  });

  it('is one 9 at 65,535 bytes, and 12 and 9 at one more', async () => {
    // 256 lines of 255 characters and their 255 newlines are 65,535.
    const full = Array.from({ length: 256 }, () => 'x'.repeat(251));
    expect(headers(await loginPages(full))).toEqual(['09ffff']);
    const over = [...full.slice(1), 'x'.repeat(252)];
    expect(headers(await loginPages(over))).toEqual(['0cfeff', '090100']);
  });

  it('has every message once and in order, page by page', async () => {
    const bodies = Array.from({ length: 2_000 }, (_, i) => `${i} ${'x'.repeat(i % 250)}`);
    const pages = await loginPages(bodies);
    expect(pages.length).toBeGreaterThan(3);
    const contents = pages.map((page) => page.toString('latin1', 3));
    expect(contents.join('\n')).toBe(bodies.map((body) => `bob|${body}`).join('\n'));
    expect(pages.map((page) => page[0])).toEqual([
      ...pages
        .slice(1)
        .fill(Buffer.of())
        .map(() => 12),
      9,
    ]);
  });

  it('is made as the connection drains, a page at a time', async () => {
    const output = new RecordedOutput();
    const { result } = await loginTo(Array.from({ length: 1_000 }, () => 'x'.repeat(262)));
    const written = dialect.login(result, output);
    await new Promise((resolve) => setImmediate(resolve));
    expect(output.writes.length).toBe(1);
    await output.drain();
    expect(output.writes.length).toBe(2);
    await drainToEnd(output, written);
    expect(output.writes.length).toBe(5);
  });

  it('ends with a 9 when messages of the mailbox were lost', async () => {
    const output = new RecordedOutput();
    const { result, peer } = await loginTo(Array.from({ length: 1_000 }, () => 'x'.repeat(262)));
    const written = dialect.login(result, output);
    await new Promise((resolve) => setImmediate(resolve));
    peer.end();
    await drainToEnd(output, written);
    const statuses = output.writes.map((page) => page[0]);
    expect(statuses.pop()).toBe(9);
    expect(new Set(statuses)).toEqual(new Set([12]));
  });

  it('fails when the connection is over', async () => {
    const output = new RecordedOutput();
    const { result } = await loginTo(Array.from({ length: 1_000 }, () => 'x'.repeat(262)));
    const written = dialect.login(result, output);
    await new Promise((resolve) => setImmediate(resolve));
    output.fail();
    await expect(written).rejects.toThrow('over');
  });
});

describe('the framed answer to a search', () => {
  it('is 17 for nothing, and one 16 for what fits, also when it is written at once', async () => {
    expect(dialect.found({ status: 17 })).toEqual(Buffer.of(17));
    const found = { status: 16, usernames: ['alice', 'bob'] } as const;
    expect(dialect.found(found)).toEqual(Buffer.from('\x10\x00\x09alice|bob', 'latin1'));
    expect((await searchPages(['alice', 'bob']))[0]?.toString('latin1')).toBe(
      '\x10\x00\x09alice|bob',
    );
  });

  it('is one 16 at 65,535 bytes, and 18 and 16 at one more', async () => {
    expect(headers(await searchPages(usernamesOf(65_535)))).toEqual(['10ffff']);
    const over = usernamesOf(65_536);
    const lastLength = over.at(-1)?.length ?? 0;
    const pages = await searchPages(over);
    expect(pages.map((page) => page[0])).toEqual([18, 16]);
    expect(pages.map((page) => page.readUInt16BE(1))).toEqual([65_535 - lastLength, lastLength]);
  });

  it('has every name once and in order, page by page, and says in the last whether it was cut', async () => {
    const usernames = usernamesOf(300_000);
    for (const status of [16, 19] as const) {
      const pages = await searchPages(usernames, status);
      expect(pages.map((page) => page[0])).toEqual([18, 18, 18, 18, status]);
      expect(pages.map((page) => page.toString('latin1', 3)).join('|')).toBe(usernames.join('|'));
    }
  });

  it('is made as the connection drains, a page at a time', async () => {
    const output = new RecordedOutput();
    const written = dialect.search({ status: 16, usernames: usernamesOf(150_000) }, output);
    await new Promise((resolve) => setImmediate(resolve));
    expect(output.writes.length).toBe(1);
    await output.drain();
    expect(output.writes.length).toBe(2);
    await drainToEnd(output, written);
    expect(output.writes.length).toBe(3);
  });
});
