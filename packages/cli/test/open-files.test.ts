import { spawnSync } from 'node:child_process';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { newDirectory } from './data-directory.ts';
import { ServeProgram } from './serve-program.ts';
import { ask, dial, hearToEnd } from './serve-wire.ts';

const limits = (files: number) => ['prlimit', `--nofile=${files}`];
const prlimit = spawnSync('prlimit', ['--version']);

describe.skipIf(prlimit.status !== 0)(
  'a server that may have few open files (skipped without prlimit)',
  () => {
    it('says how many connections it takes, refuses more with 123, and serves those it has', async () => {
      const directory = newDirectory();
      const serve = await ServeProgram.listening(
        [
          ...['--transport', 'all', '--store', 'sqlite', '--data-dir', directory],
          ...['--connections-max', '20000'],
        ],
        {},
        limits(144),
      );
      // 80 files for itself, 16 to tell clients that it is full, and half of the others.
      await serve.until(() => serve.errorOutput.includes('each transport takes fewer'));
      expect(serve.log.find(({ msg }) => msg.startsWith('each transport'))).toMatchObject({
        openFiles: 144,
        asked: 20_000,
        connectionsMax: 24,
      });
      const grpcPort = Number(/gRPC on \S+:(\d+)\n/.exec(serve.output)?.[1]);
      const socketPort = Number(/sockets on \S+:(\d+)\n/.exec(serve.output)?.[1]);
      const taken: Socket[] = [];
      for (let i = 0; i < 24; i++) {
        const socket = await dial(socketPort);
        expect(await ask(socket, '\x81', 1)).toBe('\x81');
        taken.push(socket);
      }
      const grpc = [];
      for (let i = 0; i < 24; i++) grpc.push(await dial(grpcPort));
      for (let i = 0; i < 40; i++) {
        const refused = await dial(socketPort);
        refused.write('\x81', 'latin1');
        expect(await hearToEnd(refused)).toBe('\x81\x7b');
        expect(await hearToEnd(await dial(grpcPort)).catch(() => '')).toBe('');
        refused.destroy();
      }
      const first = taken[0] as Socket;
      first.resume();
      expect(await ask(first, '\x01\x00\x05alice', 1)).toBe('\x01');
      await serve.until(() => serve.errorOutput.includes('serverFull'));
      serve.signal('SIGTERM');
      for (const socket of [...taken, ...grpc]) socket.destroy();
      expect(await serve.exited).toEqual([0, null]);
      const refusals = serve.log.filter(({ msg }) => msg.startsWith('connections are refused'));
      // For each transport: the first at once, and the others at the end.
      expect(refusals.map((line) => (line as { serverFull?: number }).serverFull)).toEqual(
        expect.arrayContaining([1, 39]),
      );
      expect(refusals.length).toBe(4);
    });

    it.each<[string, Record<string, string | undefined>]>([
      ['warn', { TANDEM_CONNECTIONS_MAX: '20000' }],
      ['info', { TANDEM_CONNECTIONS_MAX: undefined }],
    ])('says so at %s, by whether somebody asked for more', async (level, env) => {
      const serve = await ServeProgram.listening(['--transport', 'all'], env, limits(144));
      await serve.until(() => serve.errorOutput.includes('each transport takes fewer'));
      expect(serve.log.find(({ msg }) => msg.startsWith('each transport'))).toMatchObject({
        level,
        connectionsMax: 24,
      });
    });

    it('takes what was asked for where that fits, and says nothing', async () => {
      const serve = await ServeProgram.listening(
        ['--transport', 'all', '--connections-max', '24'],
        {},
        limits(144),
      );
      serve.signal('SIGTERM');
      await serve.exited;
      const told = serve.log.map(({ msg }) => msg);
      const known = expect.stringContaining('session token by their connection');
      expect(told).toEqual(['serving', 'serving', known, 'stopping', 'stopped']);
    });

    it('does not start with fewer than it needs, and says what to do', async () => {
      const serve = new ServeProgram(['--socket-port', '0'], {}, limits(64));
      expect(await serve.exited).toEqual([1, null]);
      expect(serve.errorOutput).toMatch(
        /^The operating system allows .* 64 open files.*ulimit.*\n$/,
      );
    });
  },
);
