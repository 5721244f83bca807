import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { serverOptions } from '@tandem/command/server-options';
import { connectSocketClient } from '@tandem/socket-client';
import { describe, expect, it } from 'vitest';
import { mainFile } from './chat-program.ts';
import { ServeProgram } from './serve-program.ts';
import { ask, dial, hearToEnd } from './serve-wire.ts';

describe('tandem serve', () => {
  it('says where it listens and how to come in', async () => {
    const serve = await ServeProgram.listening(['--transport', 'all']);
    expect(serve.output.split('\n').slice(0, 2)).toEqual([
      `Serving sockets on 127.0.0.1:${serve.port}`,
      `  chat with npx -y pnpm@12 chat:socket --host 127.0.0.1 --port ${serve.port}`,
    ]);
  });

  const options = serverOptions();
  const without = (...names: string[]) =>
    options.filter((option) => !names.some((name) => option.startsWith(name)));
  const others = options.map((option) => option.replace(/=.*/, '=16'));
  it.runIf(process.platform === 'linux').each([
    [[], options],
    [['--v8-pool-size=3'], [...without('--v8-pool-size'), '--v8-pool-size=3']],
    [
      ['--min-semi-space-size=4'],
      [...without('--min-semi-space-size', '--max-semi-space-size'), '--min-semi-space-size=4'],
    ],
    [others, others],
  ])(
    'that gets the options %j of Node.js has %j, and is the same process',
    async (given, expected) => {
      const serve = await ServeProgram.listening([], {}, [], [...given, mainFile, 'serve']);
      const line = readFileSync(`/proc/${serve.pid}/cmdline`, 'utf8').split('\0');
      expect(line.slice(1, expected.length + 2)).toEqual([...expected, mainFile]);
      await serve.until(() => serve.errorOutput.includes(`"pid":${serve.pid}`));
      serve.signal('SIGTERM');
      expect(await serve.exited).toEqual([0, null]);
    },
  );

  it.runIf(process.platform === 'linux')(
    'has threads of V8 that give way to the event loop, and no others that do',
    async () => {
      const serve = await ServeProgram.listening();
      const threads = readdirSync(`/proc/${serve.pid}/task`).map((id) => {
        const stat = readFileSync(`/proc/${serve.pid}/task/${id}/stat`, 'utf8');
        const [, name = '', rest = ''] = /\((.*)\) (.*)/.exec(stat) ?? [];
        // The nineteenth field of proc(5), of which two are before.
        return { name, niceness: Number(rest.split(' ')[16]) };
      });
      const ofV8 = threads.filter(({ name }) => name === 'V8Worker');
      expect(ofV8.map(({ niceness }) => niceness)).toEqual(ofV8.map(() => getPriority() + 5));
      expect(ofV8.length).toBeGreaterThan(0);
      const others = threads.filter(({ name }) => name !== 'V8Worker');
      expect(others.map(({ niceness }) => niceness)).toEqual(others.map(() => getPriority()));
    },
  );

  it.each([
    ['::1', '[::1]', '::1'],
    ['[::1]', '[::1]', '::1'],
    ['::ffff:127.0.0.1', '127.0.0.1', '127.0.0.1'],
  ])('takes %s as an address, and writes it as people do', async (host, written, reached) => {
    const serve = await ServeProgram.listening(['--transport', 'all', '--host', host]);
    const { output, port } = serve;
    const [sockets, chat, grpc] = output.split('\n');
    expect(sockets).toBe(`Serving sockets on ${written}:${port}`);
    expect(chat).toContain(`--host ${reached} --port ${port}`);
    expect(grpc).toMatch(`Serving gRPC on ${written}:`);
    await serve.until(() => serve.errorOutput.includes(`"host":"${reached}"`));
    const client = await connectSocketClient({ host: reached, port });
    await client.close();
  });

  it.each(['localhost:22067', '[::1]:22067', '[localhost]', '', 'not a host'])(
    'refuses "%s" as a host, and says why',
    async (host) => {
      const serve = new ServeProgram(['--host', host]);
      expect(await serve.exited).toEqual([64, null]);
      expect(serve.errorOutput).toContain('It takes a name or an address; ');
    },
  );

  it('warns of an unknown variable also where it only prints its configuration', async () => {
    const serve = new ServeProgram(['--print-config'], { TANDEM_CONECTIONS_MAX: '1' });
    expect(await serve.exited).toEqual([0, null]);
    expect(serve.errorOutput).toContain('TANDEM_CONECTIONS_MAX is not a variable of tandem');
    expect(serve.errorOutput).toContain('did you mean TANDEM_CONNECTIONS_MAX?');
  });

  it('answers clients of both dialects', async () => {
    const { port } = await ServeProgram.listening();
    expect(await ask(await dial(port), '\x01alice', 1)).toBe('\x01');
    expect(await ask(await dial(port), '\x81\x01\x00\x05alice', 2)).toBe('\x81\x02');
  });

  it('takes its options from the environment too, and the command line first', async () => {
    const env = {
      TANDEM_SOCKET_PORT: '1',
      TANDEM_HOST: '127.0.0.2',
      TANDEM_CONNECTIONS_MAX: '1',
      TANDEM_LOG_LEVEL: 'silent',
    };
    const serve = new ServeProgram(['--socket-port', '0', '--host', '127.0.0.1'], env);
    await serve.until(() => serve.output.includes('Ctrl-C\n'));
    const first = await dial(serve.port);
    expect(await ask(first, '\x81', 1)).toBe('\x81');
    expect(await ask(await dial(serve.port), '\x81', 2)).toBe('\x81\x7b');
    serve.signal('SIGTERM');
    first.end();
    expect(await serve.exited).toEqual([0, null]);
    expect(serve.errorOutput).toBe('');
  });

  it('warns of a variable that is misspelt', async () => {
    const serve = await ServeProgram.listening([], { TANDEM_SOKET_PORT: '7' });
    await serve.until(() => serve.errorOutput.includes('did you mean TANDEM_SOCKET_PORT?'));
    expect(serve.log[0]).toMatchObject({ level: 'warn' });
  });

  it('opens no debugger at SIGUSR1, and goes on', async () => {
    const serve = await ServeProgram.listening();
    serve.signal('SIGUSR1');
    expect(await ask(await dial(serve.port), '\x01alice', 1)).toBe('\x01');
    serve.signal('SIGTERM');
    expect(await serve.exited).toEqual([0, null]);
    expect(serve.errorOutput).not.toContain('Debugger');
  });

  it.each([
    ['closes', [], false],
    ['keeps, where it was asked for,', ['--inspect=127.0.0.1:0'], true],
  ])('%s a debugger that was open before its code was loaded', async (_, options, stays) => {
    // As a SIGUSR1 does that comes in the first moments.
    const open = "import inspector from 'node:inspector'; inspector.url() ?? inspector.open(0)";
    const given = [...serverOptions(), ...options, `--import=data:text/javascript,${open}`];
    const serve = await ServeProgram.listening([], {}, [], [...given, mainFile, 'serve']);
    const [, port] =
      /Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(serve.errorOutput) ?? [];
    const connecting = dial(Number(port)).then((socket) => socket.destroy());
    if (stays) await connecting;
    else await expect(connecting).rejects.toThrow('ECONNREFUSED');
  });

  it('logs JSON where there is no terminal, and never the text of a message', async () => {
    const serve = await ServeProgram.listening(['--log-level', 'trace']);
    const [alice, bob] = await Promise.all(
      ['alice', 'bob'].map(async (name) => {
        const client = await connectSocketClient({ host: '127.0.0.1', port: serve.port });
        await client.register(name);
        await client.login(name);
        return client;
      }),
    );
    await alice?.send('bob', 'the cat is out of the bag');
    expect((await bob?.messages.next())?.value?.body).toBe('the cat is out of the bag');
    // Refused contents and broken connections are logged, but not what was in them.
    const hostile = await dial(serve.port);
    hostile.end('\x81\x04\x00\x10a|b|secret words\x01\x00\x33secret words', 'latin1');
    expect(await hearToEnd(hostile)).toBe('\x81\x78\x7e');
    const torn = await dial(serve.port);
    torn.end('\x81\x04\x00\x0fa|b|secret', 'latin1');
    await hearToEnd(torn);
    await Promise.all([alice?.close(), bob?.close()]);
    serve.signal('SIGTERM');
    await serve.exited;
    const messages = serve.log.map(({ msg }) => msg);
    expect(messages).toContain('serving');
    expect(messages).toContain('client broke the protocol');
    expect(messages.at(-1)).toBe('stopped');
    expect(serve.errorOutput).not.toMatch(/cat|secret/);
  });
});

describe('tandem serve that cannot', () => {
  it('says that the port is taken', async () => {
    const { port } = await ServeProgram.listening();
    const second = new ServeProgram(['--socket-port', String(port)]);
    expect(await second.exited).toEqual([1, null]);
    expect(second.errorOutput).toBe(
      `Cannot listen on 127.0.0.1:${port}: something listens there already; ` +
        'stop it, or choose another --socket-port.\n',
    );
    expect(second.output).toBe('');
  });

  it('says that the machine has no such address or name', async () => {
    const address = new ServeProgram(['--socket-port', '0', '--host', '192.0.2.1']);
    const name = new ServeProgram(['--socket-port', '0', '--host', 'no-such-host.invalid']);
    expect(await address.exited).toEqual([1, null]);
    expect(address.errorOutput).toContain('this machine has no such address');
    expect(await name.exited).toEqual([1, null]);
    expect(name.errorOutput).toMatch(/^Cannot listen on no-such-host\.invalid:0: .*--host\.\n$/);
  });

  for (const [args, complaint] of [
    [['--socket-port', '65536'], /whole number from 0 to 65535/],
    [['--socket-port', 'http'], /whole number from 0 to 65535/],
    [['--connections-max', '0'], /whole number from 1/],
    [['--mailbox-messages-max', '65536'], /whole number from 1 to 65535/],
    [['--log-level', 'loud'], /Allowed choices are/],
    [['--host', ''], /a name or an address/],
    [['--colour'], /unknown option/],
    [['everywhere'], /too many arguments/],
  ] as const) {
    it(`says what is wrong with ${args.join(' ')}`, async () => {
      const serve = new ServeProgram(args);
      expect(await serve.exited).toEqual([64, null]);
      expect(serve.errorOutput).toMatch(complaint);
      expect(serve.errorOutput).not.toContain('    at ');
    });
  }
});

describe('tandem serve when it is told to stop', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`tells clients, answers what it has read, and exits with 0: ${signal}`, async () => {
      const serve = await ServeProgram.listening(['--transport', 'all']);
      const [idle, busy] = [await dial(serve.port), await dial(serve.port)];
      await ask(idle, '\x81', 1);
      const asked = 200_000;
      const begun = await ask(busy, `\x81${'\x48\x00\x00'.repeat(asked)}`, 100);
      serve.signal(signal);
      const [idleHeard, busyHeard] = await Promise.all(
        [idle, busy].map(async (socket) => {
          const heard = await hearToEnd(socket);
          socket.end();
          return heard;
        }),
      );
      expect(idleHeard).toBe('\x7c');
      expect(begun + busyHeard).toMatch(/^\x81\x7e+\x7c\x7e*$/);
      expect(await serve.exited).toEqual([0, null]);
      expect(serve.log.map(({ msg }) => msg)).toEqual([
        'serving',
        'serving',
        expect.stringContaining('--grpc-sessions-by-connection off'),
        'stopping',
        'stopped',
      ]);
    });
  }

  it('is left by a client library with a clear error', async () => {
    const serve = await ServeProgram.listening();
    const client = await connectSocketClient({ host: '127.0.0.1', port: serve.port });
    await client.register('alice');
    serve.signal('SIGTERM');
    expect(await client.closed).toMatchObject({ code: 'server-stopped' });
    expect(await serve.exited).toEqual([0, null]);
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`ends at once at a second signal, with ${code} for ${signal}`, async () => {
      const serve = await ServeProgram.listening(['--stop-grace', '3600']);
      const client = await dial(serve.port);
      // A client that reads nothing of what it asked for: the stop waits for it.
      const names = Array.from({ length: 2_000 }, (_, i) => `${i}`.padEnd(50, 'n'));
      const registers = names.map((name) => `\x01\x00\x32${name}`).join('');
      client.write(`\x81${registers}${'\x03\x00\x00'.repeat(500)}`, 'latin1');
      await untilFound(serve.port, names.at(-1) ?? '');
      serve.signal('SIGTERM');
      await serve.until(() => serve.errorOutput.includes('stopping'));
      serve.signal(signal);
      expect(await serve.exited).toEqual([code, null]);
    });
  }
});

describe('tandem serve that is killed', () => {
  it('is a lost connection to its clients', async () => {
    const serve = await ServeProgram.listening();
    const client = await connectSocketClient({ host: '127.0.0.1', port: serve.port });
    await client.register('alice');
    serve.signal('SIGKILL');
    expect(await client.closed).toMatchObject({ code: 'connection-lost' });
    expect(await serve.exited).toEqual([null, 'SIGKILL']);
  });
});

describe('the shortest client', () => {
  it('registers with six bytes and hears one', async () => {
    const { port } = await ServeProgram.listening();
    const socket = await dial(port);
    socket.end('\x01alice', 'latin1');
    expect(await hearToEnd(socket)).toBe('\x01');
  });
});

/** Resolves when an account exists, and so what was asked before has been read. */
async function untilFound(port: number, username: string): Promise<void> {
  const client = await connectSocketClient({ host: '127.0.0.1', port });
  while ((await client.search(username)).status !== 16);
  await client.close();
}
