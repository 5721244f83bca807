import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newDirectory } from './data-directory.ts';
import { ServeProgram } from './serve-program.ts';

const python = '/usr/bin/python3';
const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const restrict = fixture('address-families.py');
const unitFile = new URL('../../../docs/operations/tandem.service', import.meta.url);

/** The numbers of Linux. */
const families: Readonly<Record<string, number>> = { AF_UNIX: 1, AF_INET: 2, AF_INET6: 10 };

const canRestrict = spawnSync(python, [restrict, '1,2,10', '/bin/true']).status === 0;
const canNotify = spawnSync('systemd-notify', ['--version']).status === 0;

describe('as a service of systemd', () => {
  it.skipIf(!canRestrict)(
    'a server serves with sockets of the families alone that the unit allows',
    async () => {
      const unit = readFileSync(unitFile, 'utf8');
      const [, named = ''] = /^RestrictAddressFamilies=(.*)$/m.exec(unit) ?? [];
      const allowed = named.split(' ').map((name) => String(families[name]));
      // On all addresses, whose names it cannot ask for.
      const server = await ServeProgram.listening(['--transport', 'all', '--host', '0.0.0.0'], {}, [
        ...[python, restrict, allowed.join()],
      ]);
      const portOf = (name: string) =>
        Number(new RegExp(`Serving ${name} on .*:(\\d+)\n`).exec(server.output)?.[1]);
      const [port, grpcPort] = [portOf('sockets'), portOf('gRPC')];
      for (const client of [
        await connectSocketClient({ host: '127.0.0.1', port }),
        await connectGrpcClient({ host: '127.0.0.1', port: grpcPort, mode: 'unary' }),
      ]) {
        expect(await client.search('nobody')).toMatchObject({ status: 17 });
        await client.close();
      }
      server.signal('SIGTERM');
      expect(await server.exited).toEqual([0, null]);
    },
  );

  it.skipIf(!canNotify)('a server tells when it serves, and when it stops', async () => {
    const socket = join(newDirectory(), 'notify');
    const listener = spawn(python, [fixture('notify-socket.py'), socket]);
    onTestFinished(() => void listener.kill('SIGKILL'));
    const told = createInterface({ input: listener.stdout })[Symbol.asyncIterator]();
    const next = async () => String((await told.next()).value);
    expect(await next()).toBe('listening');
    const server = await ServeProgram.listening([], { NOTIFY_SOCKET: socket });
    expect(await next()).toBe('READY=1');
    server.signal('SIGTERM');
    expect(await next()).toBe('STOPPING=1');
    expect(await server.exited).toEqual([0, null]);
    expect(server.errorOutput).not.toContain('the supervisor could not be notified');
  });
});
