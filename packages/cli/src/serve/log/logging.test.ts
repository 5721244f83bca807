import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createLog, type LogOptions } from './logging.ts';

// Controls of terminals (ESC, CSI, DEL, backspace), ends of lines of Unicode, and an escape as text.
const hostile = 'a\x1b[2Jb\x9b2Jc\x7fd\be\u2028f\u2029g\\u001bh\\';

it('writes a line of JSON for each record, whatever is in it', async () => {
  const text = await written('json', hostile);
  expect(text).toMatch(/^[\x20-\x7e]+\n$/);
  const record = JSON.parse(text);
  expect(record).toMatchObject({ level: 'warn', msg: 'said', said: hostile });
  expect(new Date(record.time).toISOString()).toBe(record.time);
});

it('says once what an error and its cause say, and keeps where both come from', async () => {
  const cause = new Error('no such table');
  const { err } = JSON.parse(
    await written('json', '', new Error('PostgreSQL: no such table', { cause })),
  );
  expect(err).toMatchObject({ type: 'Error', message: 'PostgreSQL: no such table' });
  expect(err.stack).toMatch(/caused by: Error: no such table\n/);
  expect(JSON.parse(await written('json', '', 'no error')).err).toBe('no error');
});

it('writes nothing for people that steers their terminal', async () => {
  const text = await written('pretty', hostile);
  expect(text).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] WARN: said\n[\x20-\x7e\n]+$/);
});

async function written(
  logFormat: LogOptions['logFormat'],
  said: string,
  err: unknown = new Error(said),
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-log-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'log');
  const fd = openSync(file, 'w');
  const { logger, close } = await createLog({ logLevel: 'info', logFormat, output: { fd } });
  logger.warn({ said, err }, 'said');
  close();
  closeSync(fd);
  return readFileSync(file, 'utf8');
}
