import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { serverOptions } from '@tandem/command/server-options';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mainFile, serveArguments } from './chat-program.ts';
import { type ChatServer, startChatServer } from './chat-server.ts';
import { newDirectory } from './data-directory.ts';
import type { ToldModule } from './fixtures/tell-modules.ts';

const teller = fileURLToPath(new URL('fixtures/tell-modules.ts', import.meta.url));
const beside = fileURLToPath(new URL('../node_modules/.cache/tandem', import.meta.url));

const [, ...serve] = serveArguments;
const none = ['core', 'commander'];
const server = [...none, 'chat', 'pino'];
const grpc = ['protos', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs'];
const discovery = ['@grpc/reflection', 'grpc-health-check'];

// What a command may do without: our packages, and those that they depend on.
const ours = ['core', 'chat', 'protos', 'proxy', 'socket-server', 'socket-client'];
const ofGrpc = ['grpc-server', 'grpc-client', ...grpc, ...discovery];
const watched = new Set([...ours, ...ofGrpc, 'commander', 'pino', 'pino-pretty']);

describe('tandem', () => {
  it.each(['--version', '--help', 'serve --help', 'chat --help'])(
    'loads no server and no client for %s',
    async (line) => {
      expect(await packagesOf(line.split(' '))).toEqual(set(none));
    },
  );

  it('loads no gRPC to serve sockets', async () => {
    const loaded = await packagesOf([...serve, '--transport', 'socket']);
    expect(loaded).toEqual(set(server, 'socket-server'));
  });

  it('loads no socket server to serve gRPC', async () => {
    const loaded = await packagesOf([...serve, '--transport', 'grpc']);
    expect(loaded).toEqual(set(server, 'grpc-server', ...grpc, ...discovery));
  });

  it('loads what makes logs pretty for people only', async () => {
    const loaded = await packagesOf([...serve, '--transport', 'socket', '--log-format', 'pretty']);
    expect(loaded).toEqual(set(server, 'socket-server', 'pino-pretty'));
  });

  it('loads no server and no gRPC to chat over sockets', async () => {
    const { port } = await startServer();
    const loaded = await packagesOf(['chat', '--port', `${port}`]);
    expect(loaded).toEqual(set(none, 'socket-client'));
  });

  it.each(['converse', 'unary'])('loads no server to chat over gRPC, %s', async (mode) => {
    const { grpcPort } = await startServer();
    const chat = ['chat', '--transport', 'grpc', '--mode', mode, '--port', `${grpcPort}`];
    expect(await packagesOf(chat)).toEqual(set(none, 'grpc-client', ...grpc));
  });

  it('loads no transport for a backup', async () => {
    const backup = ['backup', join(newDirectory(), 'backup.db'), '--data-dir', newDirectory()];
    expect(await packagesOf(backup)).toEqual(set(none, 'chat'));
  });
});

describe('what compiling tandem gave', () => {
  it('is kept beside its code, from the first file with types on', async () => {
    const typed = (await modulesOf(['--version'])).filter(({ url }) => url.endsWith('.ts'));
    expect(typed.length).toBeGreaterThan(10);
    for (const { compileCache } of typed) expect(compileCache).toContain(beside);
  });

  it('is kept where NODE_COMPILE_CACHE says', async () => {
    const elsewhere = newDirectory();
    const modules = await modulesOf(['--version'], { NODE_COMPILE_CACHE: elsewhere });
    for (const { compileCache } of modules) expect(compileCache).toContain(elsewhere);
  });
});

async function startServer(): Promise<ChatServer> {
  const started = await startChatServer();
  onTestFinished(() => started.stop());
  return started;
}

/** The packages that a command loads: of ours, those that are entered by their index. */
async function packagesOf(args: readonly string[]): Promise<Set<string>> {
  const loaded = new Set<string>();
  for (const { url } of await modulesOf(args)) {
    const [, own] = /\/(?:packages\/)?([^/]+)\/src\/index\.ts$/.exec(url) ?? [];
    const [, library] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
    const name = library ?? own;
    if (name !== undefined && watched.has(name)) loaded.add(name);
  }
  return loaded;
}

/** The modules that a command asks for, from its first to its end: of its input, or by a signal. */
async function modulesOf(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: undefined },
): Promise<ToldModule[]> {
  // A server without its options starts anew, and keeps no other open file than the standard ones.
  const options = args[0] === 'serve' ? serverOptions() : [];
  const child = spawn(process.execPath, [...options, '--import', teller, mainFile, ...args], {
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: undefined, ...environment },
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
  });
  child.stdin?.end();
  child.stdout?.setEncoding('utf8').on('data', (said: string) => {
    if (said.endsWith('stop with Ctrl-C\n')) child.kill('SIGTERM');
  });
  const told = text(child.stdio[3] as Readable);
  await once(child, 'close');
  const lines = (await told).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as ToldModule);
}

function set(common: readonly string[], ...more: readonly string[]): Set<string> {
  return new Set([...common, ...more]);
}
