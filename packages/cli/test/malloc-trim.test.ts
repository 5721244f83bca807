// In a process of its own, whose memory nothing else changes.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const module = fileURLToPath(new URL('../src/serve/memory/malloc-trim.ts', import.meta.url));

const program = `
  const { findMallocTrim } = await import(${JSON.stringify(module)});
  const trim = findMallocTrim();
  let buffers = Array.from({ length: 10_000 }, () => Buffer.allocUnsafeSlow(12_000).fill(1));
  // What stays in between and at the end keeps the rest from going back by itself.
  globalThis.kept = buffers.filter((_, index) => index % 50 === 49);
  buffers = undefined;
  while (process.memoryUsage().arrayBuffers > 10e6) {
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const before = process.memoryUsage.rss();
  trim?.();
  console.log(before - process.memoryUsage.rss());
`;

const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };

it.runIf(header.glibcVersionRuntime !== undefined)(
  'glibc returns what is free in the midst of its heap',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--expose-gc', '--input-type=module', '-e', program],
    ]);
    expect(Number(stdout)).toBeGreaterThan(80e6);
  },
);
