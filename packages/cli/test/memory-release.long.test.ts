import { serverOptions } from '@tandem/command/server-options';
import { expect, it } from 'vitest';
import { mainFile } from './chat-program.ts';
import { ServeProgram } from './serve-program.ts';

// At SIGUSR2, it makes 190 MB of objects that grow old and of buffers, forgets all but a few of the smaller ones,
// which lie between the others, and tells what becomes of them.
const garbage = `
  const bytes = () => process.memoryUsage.rss();
  process.on('SIGUSR2', () => {
    let made = [];
    for (let i = 0; i < 450_000; i++) made.push({ i, text: 'text ' + i });
    for (let i = 0; i < 500; i++) made.push(Buffer.alloc(100_000, 1));
    const small = Array.from({ length: 8_000 }, () => Buffer.alloc(12_000, 1));
    globalThis.kept = small.filter((_, index) => index % 50 === 49);
    made.push(...small);
    small.length = 0;
    const most = bytes();
    made = undefined;
    setInterval(() => {
      if (bytes() < most - 150e6) process.emitWarning('released');
    }, 100).unref();
  });
`;

it('releases the memory of what is over, while a few clients do little', async () => {
  const given = [
    ...serverOptions(),
    `--import=data:text/javascript,${encodeURIComponent(garbage)}`,
  ];
  const serve = await ServeProgram.listening([], {}, [], [...given, mainFile, 'serve']);
  serve.signal('SIGUSR2');
  await serve.until(() => serve.errorOutput.includes('released'));
  serve.signal('SIGTERM');
  expect(await serve.exited).toEqual([0, null]);
});
