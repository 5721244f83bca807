import { describe, expect, it } from 'vitest';
import { SeedDialect } from '../src/seed-dialect.ts';
import { loginTo } from './mailbox.ts';
import { drainToEnd, RecordedOutput } from './recorded-output.ts';

const dialect = new SeedDialect();

async function login(bodies: readonly string[]): Promise<RecordedOutput> {
  const output = new RecordedOutput();
  await drainToEnd(output, dialect.login((await loginTo(bodies)).result, output));
  return output;
}

describe('the seed answer to a login', () => {
  it('is 8 for an empty mailbox', async () => {
    expect((await login([])).writes).toEqual([Buffer.of(8)]);
  });

  it('is the count and the messages in one write', async () => {
    const { writes, messages } = await login(['hi', 'yo']);
    expect(writes.map(String)).toEqual(['\x09\x00\x02bob|hi\nbob|yo']);
    expect(messages).toEqual([2]);
  });

  it('has the count and the beginning of the list in its first write, the rest as it drains', async () => {
    const output = new RecordedOutput();
    const bodies = Array.from({ length: 600 }, (_, i) => `m${i}`);
    const written = dialect.login((await loginTo(bodies)).result, output);
    await new Promise((resolve) => setImmediate(resolve));
    expect(output.writes.length).toBe(1);
    expect(output.writes[0]?.toString('latin1', 0, 13)).toBe(
      '\x09\x02\x58bob|m0\nbob|m1'.slice(0, 13),
    );
    await drainToEnd(output, written);
    expect(Buffer.concat(output.writes).toString('latin1', 3)).toBe(
      bodies.map((body) => `bob|${body}`).join('\n'),
    );
    expect(output.messages.reduce((sum, count) => sum + count, 0)).toBe(600);
    expect(output.messages.length).toBeGreaterThan(1);
  });

  it('has a count of up to 65,535', async () => {
    const { writes } = await login(Array.from({ length: 65_535 }, () => 'x'));
    expect(writes[0]?.toString('hex', 0, 3)).toBe('09ffff');
  });

  it('is never 12: what does not fit a frame is one list all the same', async () => {
    const { writes } = await login(Array.from({ length: 1_000 }, () => 'x'.repeat(262)));
    const bytes = Buffer.concat(writes);
    expect(bytes.toString('hex', 0, 3)).toBe('0903e8');
    expect(bytes.length).toBe(3 + 1_000 * 267 - 1);
  });
});

describe('the seed answer to a search', () => {
  it('is 17 for nothing', () => {
    expect(dialect.found({ status: 17 })).toEqual(Buffer.of(17));
  });

  it('is the count and the names in one write', async () => {
    const output = new RecordedOutput();
    await drainToEnd(output, dialect.search({ status: 16, usernames: ['alice', 'bob'] }, output));
    expect(output.writes.map(String)).toEqual(['\x10\x00\x02alice|bob']);
    const found = { status: 16, usernames: ['alice', 'bob'] } as const;
    expect(dialect.found(found)).toEqual(output.writes[0]);
  });

  it('is one 16 with the full count where the framed dialect says 18 and 19', async () => {
    const output = new RecordedOutput();
    const usernames = Array.from({ length: 10_000 }, (_, i) => `${i}${'n'.repeat(40)}`);
    const written = dialect.search({ status: 19, usernames }, output);
    await new Promise((resolve) => setImmediate(resolve));
    expect(output.writes.length).toBe(1);
    await drainToEnd(output, written);
    const bytes = Buffer.concat(output.writes).toString('latin1');
    expect(bytes).toBe(`\x10\x27\x10${usernames.join('|')}`);
  });
});

describe('a status', () => {
  it('that the seed did not know becomes one that it did', () => {
    for (const [status, seed] of [
      [28, 27],
      [120, 127],
      [121, 127],
      [122, 127],
      [123, 127],
      [126, 126],
      [26, 26],
    ] as const) {
      expect(dialect.status(status)).toEqual(Buffer.of(seed));
    }
  });
});
