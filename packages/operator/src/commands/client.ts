import type { IncomingMessage } from 'node:http';
import { userInfo } from 'node:os';
import { request } from '../http.ts';
import type { CommandArguments } from './command.ts';

/** The place at which a server takes commands: a socket in its data directory, or a port and its token. */
export type OperatorPlace =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number; readonly token: string };

/** A server's response to a command: a result, or the reason of its refusal in one sentence. */
export type CommandResponse =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly refused: string };

const timeoutMs = 60_000;

/** No response is nearly as long. */
const responseBytesMax = 64 * 1024 * 1024;

/** Returns the name of the user who runs this program, for the audit log. */
export function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** Asks a server to carry out a command. Rejects with Node's error when it cannot be reached. */
export async function askOperator(
  place: OperatorPlace,
  command: string,
  args: CommandArguments,
  user: string,
): Promise<CommandResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResponse>();
  const { token, ...where } = { token: undefined, ...place };
  const asked = request({
    ...where,
    method: 'POST',
    path: `/admin/${encodeURIComponent(command)}`,
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'content-type': 'application/json',
      'tandem-user': encodeURIComponent(user),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  asked.on('error', reject);
  asked.on('response', (response) => {
    bodyOf(response).then((body) => resolve(parseResponse(body, response.statusCode)), reject);
  });
  asked.end(JSON.stringify(args));
  return promise;
}

/** Reads a body, which has no end where another program listens. */
async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > responseBytesMax) throw new Error('its response is too long for a Tandem server');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseResponse(body: string, status: number | undefined): CommandResponse {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) {
      if ('result' in parsed || 'refused' in parsed) return parsed as CommandResponse;
    }
  } catch {
    // Another program listens there.
  }
  return { refused: `The program there is not a Tandem server: it answered ${status}.` };
}
