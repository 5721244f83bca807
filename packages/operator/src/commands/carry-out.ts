import type { IncomingMessage } from 'node:http';
import { tokenHash, tokenMatches } from '@tandem/identity';
import type { AuditEntry, AuditLog } from './audit-log.ts';
import type {
  CommandArguments,
  CommandOutcome,
  CommandTargets,
  OperatorCommand,
} from './command.ts';
import { operatorCommands } from './commands.ts';

/** The options of an operator's commands. */
export interface CommandOptions {
  /** The targets of commands; undefined until the service is opened. */
  readonly targets: () => CommandTargets | undefined;
  readonly audit: AuditLog;
  /** The token of commands over the port; without one there are none. The socket needs none. */
  readonly token?: string | undefined;
  /** Told of each command that comes with a wrong token. */
  readonly onWrongToken: () => void;
  /** Told of a fault of the server. */
  readonly onFault: (error: unknown) => void;
}

/** The response to a request of the operator: JSON, or text of a type. */
export interface OperatorResponse {
  readonly status: number;
  readonly body: object | string;
  readonly type?: string;
}

const argumentsBytesMax = 16 * 1024;

/** Carries out the command that a request asks for. */
export async function carryOut(
  name: string,
  via: AuditEntry['via'],
  options: CommandOptions,
  request: IncomingMessage,
): Promise<OperatorResponse> {
  if (via === 'port') {
    const refusal = refusalOfToken(options, request.headers.authorization);
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
    const refused = `The arguments have to be an object in JSON, of ${argumentsBytesMax} bytes at most.`;
    return { status: 400, body: { refused } };
  }
  const entry = {
    command: name,
    arguments: Object.fromEntries(command.told.map((key) => [key, args[key]])),
    via,
    user: userOf(request),
  };
  return audited(entry, command, options, args, () => command.run(targets, args));
}

/** Carries out a command between its entries in the audit log, without the first of which nothing is changed. */
async function audited(
  entry: Omit<AuditEntry, 'outcome' | 'reason'>,
  { changes }: OperatorCommand,
  { audit, onFault }: CommandOptions,
  args: CommandArguments,
  run: () => CommandOutcome | Promise<CommandOutcome>,
): Promise<OperatorResponse> {
  if (changes(args)) {
    try {
      audit.write({ ...entry, outcome: 'begun' });
    } catch (error) {
      const refused = `Nothing was done, as the audit log cannot be written: ${messageOf(error)}`;
      return { status: 503, body: { refused } };
    }
  }
  const { came, response } = await resultOf(run);
  try {
    audit.write({ ...entry, ...came });
  } catch (error) {
    // It is done by now, or is not: whoever asked has to know which, and may have a new secret to give.
    onFault(
      new Error(`${entry.command} is not in the audit log as ${came.outcome}`, { cause: error }),
    );
  }
  return response;
}

/** The outcome of a command: for the audit log, and for whoever asked. */
interface Result {
  readonly came: Pick<AuditEntry, 'outcome' | 'reason'>;
  readonly response: OperatorResponse;
}

async function resultOf(run: () => CommandOutcome | Promise<CommandOutcome>): Promise<Result> {
  try {
    const body = await run();
    return 'result' in body
      ? { came: { outcome: 'done' }, response: { status: 200, body } }
      : { came: { outcome: 'refused', reason: body.refused }, response: { status: 409, body } };
  } catch (error) {
    const reason = messageOf(error);
    const refused = `The command failed, and may be carried out or not: ${reason}`;
    return { came: { outcome: 'failed', reason }, response: { status: 500, body: { refused } } };
  }
}

function messageOf(error: unknown): string {
  return (error as Error).message;
}

function refusalOfToken(
  { token, onWrongToken }: CommandOptions,
  authorization: string | undefined,
): OperatorResponse | undefined {
  if (token === undefined) {
    const refused =
      'This port takes no commands, as the server has no --admin-token-file; use the socket in its data directory.';
    return { status: 403, body: { refused } };
  }
  const [, sent = ''] = /^bearer (.+)$/i.exec(authorization ?? '') ?? [];
  if (tokenMatches(sent, tokenHash(token))) return undefined;
  onWrongToken();
  return { status: 401, body: { refused: 'The token is not that of the server.' } };
}

// Printable, and not long: it is in the log.
function userOf({ headers }: IncomingMessage): string {
  return String(headers['tandem-user'] ?? 'unknown').slice(0, 100);
}

async function readArguments(request: IncomingMessage): Promise<CommandArguments | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // What is too much is read all the same: who still sends it gets no response.
      if (bytes <= argumentsBytesMax) chunks.push(chunk);
    }
    if (bytes > argumentsBytesMax) return undefined;
    const args: unknown = JSON.parse(bytes === 0 ? '{}' : Buffer.concat(chunks).toString('utf8'));
    return typeof args === 'object' && args !== null && !Array.isArray(args)
      ? (args as CommandArguments)
      : undefined;
  } catch {
    // It is no JSON, or whoever sent it has gone.
    return undefined;
  }
}
