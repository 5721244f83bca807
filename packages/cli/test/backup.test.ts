import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChatClient, Status } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { newDirectory } from './data-directory.ts';
import { runTandem } from './run-tandem.ts';
import { ServeProgram } from './serve-program.ts';

let parent: string;
let dataDir: string;
let file: string;

beforeEach(() => {
  parent = newDirectory();
  dataDir = join(parent, 'data');
  file = join(parent, 'backup.db');
});

const serve = () =>
  ServeProgram.listening(['--transport', 'socket', '--store', 'sqlite', '--data-dir', dataDir]);
const backup = (...more: string[]) => runTandem('backup', file, '--data-dir', dataDir, ...more);
const restore = (...more: string[]) => runTandem('restore', file, '--data-dir', dataDir, ...more);

async function connect({ port }: ServeProgram): Promise<ChatClient> {
  return connectSocketClient({ host: '127.0.0.1', port });
}

/** Stops a server, so that a restore may have its data. */
async function stop(server: ServeProgram): Promise<void> {
  server.signal('SIGTERM');
  await server.exited;
}

describe('tandem backup and restore', () => {
  it('copy a server under load as it was at one moment, and bring that back', async () => {
    const server = await serve();
    const senders = await Promise.all(Array.from({ length: 8 }, () => connect(server)));
    let answered = 0;
    let going = true;
    const sending = senders.map(async (sender, i) => {
      await sender.register(`to${i}`);
      await sender.register(`from${i}`);
      await sender.login(`from${i}`);
      // Each numbers its messages, so a copy of one moment has all up to some number.
      for (let n = 1; going; n++) {
        expect(await sender.send(`to${i}`, `${n}`)).toEqual({ status: Status.stored });
        answered++;
      }
    });
    while (answered < 1_000) await new Promise((resolve) => setImmediate(resolve));
    const before = answered;
    const { code, output, errorOutput } = await backup();
    const after = answered;
    going = false;
    await Promise.all(sending);
    await stop(server);

    expect(errorOutput).toBe('');
    expect(code).toBe(0);
    const said = /^16 accounts and (\d+) messages backed up to (.*) \(.* [KM]B\)\n$/.exec(output);
    expect(said?.[2]).toBe(file);
    const copied = Number(said?.[1]);
    expect(copied).toBeGreaterThanOrEqual(before);
    // Of what was not answered yet, each sender has one.
    expect(copied).toBeLessThanOrEqual(after + senders.length);
    expect(after).toBeGreaterThan(before);

    expect(await restore('--force')).toMatchObject({ code: 0, errorOutput: '' });
    const restored = await serve();
    let found = 0;
    for (let i = 0; i < senders.length; i++) {
      const reader = await connect(restored);
      const login = await reader.login(`to${i}`);
      const unread = 'unread' in login ? login.unread : 0;
      for (let n = 1; n <= unread; n++) {
        expect((await reader.messages.next()).value?.body).toBe(`${n}`);
      }
      found += unread;
    }
    expect(found).toBe(copied);
  });

  it('refuse to replace what is there, unless they are told to', async () => {
    await stop(await serve());
    writeFileSync(file, 'precious');
    expect(await backup()).toMatchObject({
      code: 1,
      output: '',
      errorOutput: `${file} exists already; choose another name, or add --force to replace it.\n`,
    });
    expect(await backup('--force')).toMatchObject({ code: 0 });
    const refused = await restore();
    expect(refused.code).toBe(1);
    expect(refused.errorOutput).toMatch(/tandem\.db exists already; .* --force to replace it/);
    expect(await restore('--force')).toMatchObject({ code: 0 });
    expect(readdirSync(parent).sort()).toEqual(['backup.db', 'data']);
  });

  it('refuse a backup in the data directory, which would be taken for the data', async () => {
    await stop(await serve());
    file = join(dataDir, 'restored.db');
    expect(await backup('--force')).toMatchObject({
      code: 1,
      output: '',
      errorOutput:
        `${file} is in the data directory, where all files are the server's own; ` +
        'choose a file elsewhere.\n',
    });
    expect(readdirSync(dataDir).sort()).toEqual(['lock', 'tandem.db', 'tandem.db-mark']);
  });

  it('restore refuses while a server holds the directory', async () => {
    const server = await serve();
    await backup();
    const { code, errorOutput } = await restore('--force');
    expect(code).toBe(1);
    expect(errorOutput).toContain(`is in use by tandem serve, process ${server.pid} `);
    expect(await (await connect(server)).register('alice')).toEqual({ status: Status.registered });
  });

  it('restore does not wait for a pipe beside the backup that has the name of another file', async () => {
    await stop(await serve());
    mkdirSync(join(parent, 'kept'));
    file = join(parent, 'kept', 'tandem.db');
    expect(await backup()).toMatchObject({ code: 0 });
    execFileSync('mkfifo', [join(parent, 'kept', 'owner.json')]);
    expect(await restore('--force')).toMatchObject({ code: 0 });
  });

  it('say what is missing', async () => {
    const nothing = await backup();
    expect(nothing).toMatchObject({ code: 1, output: '' });
    expect(nothing.errorOutput).toBe(`There is no ${dataDir}/tandem.db; check the name.\n`);
    expect((await restore()).errorOutput).toBe(`There is no ${file}; check the name.\n`);
    expect(existsSync(dataDir)).toBe(false);
    expect((await runTandem('backup')).errorOutput).toMatch(/missing required argument 'file'/);
  });
});
