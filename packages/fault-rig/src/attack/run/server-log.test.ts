import { expect, test } from 'vitest';
import { ServerLog } from './server-log.ts';

test('counts lines by level and message, however they are cut, and separates text that is not a log line', () => {
  const log = new ServerLog();
  const text =
    '{"level":40,"msg":"refused"}\n{"level":"warn","msg":"refused"}\n(node:1) Warning: odd\n' +
    '{"level":"info","msg":"serving"}\n42\n';
  for (const character of text) log.write(character);
  expect(log.take()).toEqual({
    messages: [
      { level: 'warn', message: 'refused', lines: 2 },
      { level: 'info', message: 'serving', lines: 1 },
    ],
    foreign: ['(node:1) Warning: odd', '42'],
    bytes: text.length,
  });
  expect(log.take()).toEqual({ messages: [], foreign: [], bytes: 0 });
});
