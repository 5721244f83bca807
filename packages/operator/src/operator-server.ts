import { chmodSync, lstatSync, renameSync, rmSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { isLoopback, parseHost } from '@tandem/core';
import { listen } from '@tandem/core/server';
import type { Registry } from 'prom-client';
import type { AuditEntry } from './commands/audit-log.ts';
import { type CommandOptions, carryOut, type OperatorResponse } from './commands/carry-out.ts';
import { createServer } from './http.ts';

/** The options that the operator's socket and port share. */
export interface OperatorServerOptions extends CommandOptions {
  /** Returns all metrics; called when somebody asks for them. */
  readonly registry: () => Promise<Registry>;
  /** With `serving`, the response to `/readyz` is 200. */
  readonly state: () => 'starting' | 'serving' | 'without database' | 'stopping';
}

/** A way in that listens. */
export interface OperatorServer {
  /** The port; 0 for a socket of the file system. */
  readonly port: number;
  /** Takes no more requests, and ends those under way. */
  stop(): Promise<void>;
}

const requestTimeoutMs = 10_000;
// Who asks too slowly is found out that much later at most.
const lookEveryMs = 5_000;
// Of each way in. Each is an open file, which the limit of connections reckons with.
const connectionsMax = 8;

// The longest path of a socket that every system takes.
const socketPathBytesMax = 103;

/** Listens on a port of this machine alone. Rejects with Node's error when it cannot. */
export async function startOperatorPort(
  port: number,
  options: OperatorServerOptions,
): Promise<OperatorServer> {
  const server = newServer('port', options);
  await listen(server, '127.0.0.1', port);
  return running(server, (server.address() as AddressInfo).port, options);
}

/**
 * Listens on a socket in the file system, for its user alone. A socket that is there is one of a server
 * that was killed: the caller holds the directory. Rejects with an error that says why it cannot.
 */
export async function startOperatorSocket(
  path: string,
  options: OperatorServerOptions,
): Promise<OperatorServer> {
  if (Buffer.byteLength(path) > socketPathBytesMax) {
    throw new Error(
      `${path} is longer than the ${socketPathBytesMax} bytes that a socket's path may have`,
    );
  }
  refuseOther(path);
  // Has its name when it is its user's alone. Node.js removes a socket by the name that it was made with,
  // and if the directory was replaced meanwhile, what has the name then is another server's.
  const madeAs = join(dirname(path), 'admin.new');
  refuseOther(madeAs);
  rmSync(madeAs, { force: true });
  const server = newServer('socket', options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // It is made in this call.
    const before = process.umask(0o177);
    try {
      server.listen(madeAs, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
  // For a directory whose files get modes of its own.
  chmodSync(madeAs, 0o600);
  renameSync(madeAs, path);
  const { dev, ino } = lstatSync(path);
  return running(server, 0, options, () => {
    try {
      const there = lstatSync(path, { throwIfNoEntry: false });
      if (there?.dev === dev && there.ino === ino) rmSync(path, { force: true });
    } catch {
      // As on a disk that has failed. The next server replaces it.
    }
  });
}

/** Throws when what has the name of a socket is something else. */
function refuseOther(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isSocket()) return;
  throw new Error(`${path} exists, and is not a socket`);
}

function running(
  server: Server,
  port: number,
  { onFault }: OperatorServerOptions,
  onStop?: () => void,
): OperatorServer {
  // A connection could not be accepted, and the next one may be.
  server.on('error', onFault);
  return {
    port,
    async stop() {
      onStop?.();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function newServer(via: AuditEntry['via'], options: OperatorServerOptions): Server {
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: lookEveryMs,
    },
    (request, response) => {
      respond(via, options, request).then(
        (content) => send(response, content),
        (error: unknown) => {
          options.onFault(error);
          send(response, {
            status: 500,
            body: { refused: 'The server has a fault; its log says which.' },
          });
        },
      );
    },
  );
  boundConnections(server);
  return server;
}

/**
 * Closes a connection when there is one too many: the oldest that waits for a request, or the new one where all
 * others have one under way. Any program of this machine can open connections and say nothing, and probes and
 * commands have to come in.
 */
function boundConnections(server: Server): void {
  const open = new Set<Socket>();
  /** The oldest first. */
  const idle = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    idle.add(socket);
    const forget = (gone: Socket) => open.delete(gone) && idle.delete(gone);
    socket.on('close', () => forget(socket));
    if (open.size <= connectionsMax) return;
    const [oldest = socket] = idle;
    forget(oldest);
    oldest.destroy();
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    response.on('close', () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
}

function send(response: ServerResponse, { status, body, type }: OperatorResponse): void {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': type ?? (typeof body === 'string' ? 'text/plain' : 'application/json'),
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

async function respond(
  via: AuditEntry['via'],
  options: OperatorServerOptions,
  request: IncomingMessage,
): Promise<OperatorResponse> {
  const { method = '', url = '' } = request;
  // A page in a browser reaches this port by a name that its server chose.
  if (via === 'port' && !isForThisMachine(request.headers.host)) return wrongHost;
  const [path = ''] = url.split('?');
  const [, command] = /^\/admin\/([a-z-]+)$/.exec(path) ?? [];
  if (command !== undefined)
    return method === 'POST' ? carryOut(command, via, options, request) : notAllowed;
  if (!pages.has(path)) return notFound;
  if (method !== 'GET' && method !== 'HEAD') return notAllowed;
  const state = options.state();
  switch (path) {
    case '/livez':
      return { status: 200, body: 'alive\n' };
    case '/readyz':
      return { status: state === 'serving' ? 200 : 503, body: `${state}\n` };
    default: {
      const registry = await options.registry();
      return {
        status: 200,
        body: await registry.metrics(),
        type: registry.contentType,
      };
    }
  }
}

const pages: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);

const notFound: OperatorResponse = {
  status: 404,
  body: 'There are /metrics, /livez, /readyz, and POST /admin/COMMAND.\n',
};
const notAllowed: OperatorResponse = { status: 405, body: 'GET a page, POST a command.\n' };
const wrongHost: OperatorResponse = {
  status: 421,
  body: 'This port answers only to localhost, 127.0.0.1 and [::1].\n',
};

function isForThisMachine(host: string | undefined): boolean {
  const parsed = parseHost((host ?? '').replace(/:\d+$/, ''));
  return 'host' in parsed && isLoopback(parsed.host);
}
