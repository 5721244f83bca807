import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPostgres } from '@tandem/chat/postgres/testing';
import { Program } from '@tandem/command/testing/program';
import { connectSocketClient } from '@tandem/socket-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mainFile } from './chat-program.ts';

/** Starts `tandem demo --nodes 3` with a directory of its own for what it has on the disk. */
function demo() {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-demo-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  // Where the test is root, PostgreSQL is another user.
  chmodSync(directory, 0o755);
  const program = new Program([mainFile, 'demo', '--nodes', '3'], {
    TMPDIR: directory,
    // Its nodes and its database have nothing to do with those of whoever starts it.
    TANDEM_CONFIG: '/nowhere',
    PGPORT: '1',
    PGSSLMODE: 'require',
  });
  return { program, left: () => readdirSync(directory) };
}

describe.skipIf(!hasPostgres)('tandem demo --nodes 3', () => {
  it('kills a node, loses nothing, and leaves nothing behind', async () => {
    const { program, left } = demo();
    expect(await program.exited).toEqual([0, null]);
    const lines = program.output.trimEnd().split('\n');
    const outcomes = (title: string) =>
      lines.filter((line) => line.startsWith(title)).map((line) => line.slice(26));
    expect(lines.filter((line) => /^node \d serves/.test(line))).toHaveLength(3);
    expect(outcomes('node 2 is killed')).toEqual(['while alice writes to bob']);
    expect(outcomes('alice is answered')[0]).toMatch(/^(2[45], ){2}2[45]: 3 of 3 are kept$/);
    expect(outcomes('bob is told')).toEqual(['connection-lost']);
    expect(outcomes('bob resumes')).toEqual(['at node 3, over gRPC']);
    expect(outcomes('bob reads')).toEqual(['one, two, three']);
    expect(outcomes('alice is told')).toEqual(['server-stopped']);
    expect(outcomes('bob answers, alice reads')).toEqual(['bob: hi, too', 'bob: always']);
    // The first has a path of this machine.
    for (const line of lines.slice(1)) expect(line.length).toBeLessThanOrEqual(80);
    expect(left()).toEqual([]);
  });

  it.each([
    ['PostgreSQL starts', ({ left }: ReturnType<typeof demo>) => left().length > 0],
    ['nodes serve', ({ program }: ReturnType<typeof demo>) => program.output.includes('node 2 s')],
  ])('ends all of it on Ctrl-C while %s', async (_name, isTime) => {
    const running = demo();
    const { program, left } = running;
    await expect.poll(() => isTime(running)).toBe(true);
    program.signal('SIGINT');
    expect(await program.exited).toEqual([130, null]);
    expect(left()).toEqual([]);
    for (const [, port] of program.output.matchAll(/sockets on 127\.0\.0\.1:(\d+)/g)) {
      const connected = connectSocketClient({ host: '127.0.0.1', port: Number(port) });
      await expect(connected).rejects.toThrow();
    }
    expect(program.errorOutput).toBe('');
  });
});
