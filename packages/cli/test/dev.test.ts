import { utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ServeProgram } from './serve-program.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

test('pnpm dev starts the server again when a source changes, and ends with it, in a directory that has been removed', async () => {
  const program = await ServeProgram.listening(
    ['--transport', 'all'],
    {},
    ['sh', '-c', 'd=$(mktemp -d) && cd "$d" && rmdir "$d" && exec "$@"', 'sh'],
    [`${root}scripts/dev.ts`],
  );
  expect(program.output).toContain('pnpm chat:socket');

  const now = new Date();
  utimesSync(`${root}packages/cli/src/main.ts`, now, now);
  await program.until(() => program.output.split('stop with Ctrl-C\n').length > 2);

  program.signal('SIGTERM');
  expect(await program.exited).toEqual([0, null]);
});
