import { chmodSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { isLoopback, listen, parseHost } from '@tandem/core';
import { tokenHash, tokenMatches } from '@tandem/identity';
import type { Registry } from 'prom-client';
import type { AuditEntry, AuditLog } from './commands/audit-log.ts';
import {
  type CommandArguments,
  type CommandOutcome,
  type CommandTargets,
  type OperatorCommand,
  operatorCommands,
} from './commands/commands.ts';

/** The options that the operator's socket and port share. */
export interface OperatorServerOptions {
  /** Returns all metrics; called when somebody asks for them. */
  readonly registry: () => Promise<Registry>;
  /** `serving` answers `/readyz` with 200. */
  readonly state: () => 'starting' | 'serving' | 'stopping';
  /** The targets of commands; undefined until the service is opened. */
  readonly targets: () => CommandTargets | undefined;
  readonly audit: AuditLog;
  /** The token of commands over the port; without one there are none. The socket needs none. */
  readonly token?: string | undefined;
  /** Told of a fault of the server. */
  readonly onFault: (error: unknown) => void;
}

/** A way in that listens. */
export interface OperatorServer {
  /** The port; 0 for a socket of the file system. */
  readonly port: number;
  /** Takes no more requests, and ends those under way. */
  stop(): Promise<void>;
}

const argumentsBytesMax = 16 * 1024;
const requestTimeoutMs = 10_000;
const connectionsMax = 64;

// The longest path of a socket that every system takes.
const socketPathBytesMax = 103;

/** Listens on a port of this machine alone. Rejects with Node's error when it cannot. */
export async function startOperatorPort(
  port: number,
  options: OperatorServerOptions,
): Promise<OperatorServer> {
  const server = newServer('port', options);
  await listen(server, '127.0.0.1', port);
  return running(server, (server.address() as AddressInfo).port);
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
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isSocket())
    throw new Error(`${path} is there, and is no socket`);
  // Has its name when it is its user's alone. Node.js removes a socket by the name that it was made with,
  // and if the directory was replaced meanwhile, what has the name then is another server's.
  const madeAs = join(dirname(path), 'admin.new');
  rmSync(madeAs, { force: true });
  const server = newServer('socket', options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(madeAs, resolve);
  });
  chmodSync(madeAs, 0o600);
  renameSync(madeAs, path);
  const { dev, ino } = lstatSync(path);
  return running(server, 0, () => {
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there?.dev === dev && there.ino === ino) rmSync(path, { force: true });
  });
}

function running(server: Server, port: number, onStop?: () => void): OperatorServer {
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
    { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs },
    (request, response) => {
      respond(via, options, request).then(
        (answer) => send(response, answer),
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
  server.maxConnections = connectionsMax;
  return server;
}

/** An answer: JSON, or text of a type. */
interface Answer {
  readonly status: number;
  readonly body: object | string;
  readonly type?: string;
}

function send(response: ServerResponse, { status, body, type }: Answer): void {
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
): Promise<Answer> {
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

const notFound: Answer = {
  status: 404,
  body: 'There are /metrics, /livez, /readyz, and POST /admin/COMMAND.\n',
};
const notAllowed: Answer = { status: 405, body: 'GET a page, POST a command.\n' };
const wrongHost: Answer = {
  status: 421,
  body: 'This port answers to localhost, 127.0.0.1 and [::1] alone.\n',
};

function isForThisMachine(host: string | undefined): boolean {
  const parsed = parseHost((host ?? '').replace(/:\d+$/, ''));
  return 'host' in parsed && isLoopback(parsed.host);
}

async function carryOut(
  name: string,
  via: AuditEntry['via'],
  options: OperatorServerOptions,
  request: IncomingMessage,
): Promise<Answer> {
  if (via === 'port') {
    const refusal = refusalOfToken(options.token, request.headers.authorization);
    if (refusal !== undefined) return refusal;
  }
  const command = operatorCommands.get(name);
  if (command === undefined)
    return { status: 404, body: { refused: `There is no command ${name}.` } };
  const targets = options.targets();
  if (targets === undefined) {
    return { status: 503, body: { refused: 'The server is starting; try again.' } };
  }
  const args = await readArguments(request);
  if (args === undefined) {
    return { status: 400, body: { refused: 'The arguments have to be an object in JSON.' } };
  }
  const entry = {
    command: name,
    arguments: Object.fromEntries(command.told.map((key) => [key, args[key]])),
    via,
    user: userOf(request),
  };
  return audited(entry, command, options.audit, args, () => command.run(targets, args));
}

/** Carries out a command between its entries in the audit log, without which nothing is changed. */
async function audited(
  entry: Omit<AuditEntry, 'outcome' | 'reason'>,
  { changes }: OperatorCommand,
  audit: AuditLog,
  args: CommandArguments,
  run: () => CommandOutcome | Promise<CommandOutcome>,
): Promise<Answer> {
  if (changes(args)) {
    try {
      audit.write({ ...entry, outcome: 'begun' });
    } catch (error) {
      const reason = (error as Error).message;
      return {
        status: 503,
        body: { refused: `Nothing was done, as the audit log cannot be written: ${reason}` },
      };
    }
  }
  try {
    const outcome = await run();
    if ('result' in outcome) audit.write({ ...entry, outcome: 'done' });
    else audit.write({ ...entry, outcome: 'refused', reason: outcome.refused });
    return { status: 'result' in outcome ? 200 : 409, body: outcome };
  } catch (error) {
    const reason = (error as Error).message;
    audit.write({ ...entry, outcome: 'failed', reason });
    return { status: 500, body: { refused: `It failed, and may not be done: ${reason}` } };
  }
}

function refusalOfToken(
  token: string | undefined,
  authorization: string | undefined,
): Answer | undefined {
  if (token === undefined) {
    const refused =
      'This port takes no commands, as the server has no --admin-token-file; use the socket in its data directory.';
    return { status: 403, body: { refused } };
  }
  const [, sent = ''] = /^bearer (.+)$/i.exec(authorization ?? '') ?? [];
  if (tokenMatches(sent, tokenHash(token))) return undefined;
  return { status: 401, body: { refused: 'The token is not that of the server.' } };
}

// Printable, and not long: it is in the log.
function userOf({ headers }: IncomingMessage): string {
  return String(headers['tandem-user'] ?? 'unknown').slice(0, 100);
}

async function readArguments(request: IncomingMessage): Promise<CommandArguments | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > argumentsBytesMax) return undefined;
    chunks.push(chunk);
  }
  try {
    const args: unknown = JSON.parse(bytes === 0 ? '{}' : Buffer.concat(chunks).toString('utf8'));
    return typeof args === 'object' && args !== null && !Array.isArray(args)
      ? (args as CommandArguments)
      : undefined;
  } catch {
    return undefined;
  }
}
