import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { newDirectory } from './data-directory.ts';
import { runTandem } from './run-tandem.ts';
import { ServeProgram } from './serve-program.ts';

/** The token of the port of these servers. */
export const token = '0123456789abcdef';

/** A server that keeps its data in a directory of its own, with a port for the operator. */
export async function startOperatedServer(...args: readonly string[]) {
  const directory = join(newDirectory(), 'data');
  const tokenFile = join(newDirectory(), 'token');
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  const program = await ServeProgram.listening(
    ['--store', 'sqlite', '--data-dir', directory, '--admin-port', '0', ...args],
    { TANDEM_ADMIN_TOKEN_FILE: tokenFile },
  );
  const admin = (...words: readonly string[]) =>
    runTandem('admin', ...words, '--data-dir', directory);
  const port = Number(/"port":(\d+),"msg":"serving the operator"/.exec(program.errorOutput)?.[1]);
  // Sockets come first, and gRPC behind them where it is asked for.
  const [, grpcPort = 0] = [...program.output.matchAll(/:(\d+)\n/g)].map(([, digits]) =>
    Number(digits),
  );
  return { program, directory, tokenFile, admin, port, grpcPort };
}

/** Asks the operator's port. */
export async function ask(
  port: number,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const asked = request({ host: '127.0.0.1', port, path, method, headers });
  asked.on('error', reject);
  asked.on('response', (response) => {
    text(response).then(
      (answer) => resolve({ status: response.statusCode ?? 0, body: answer }),
      reject,
    );
  });
  asked.end(body);
  return promise;
}

/** Gives a command to a server by its port; returns what it answers. */
export async function command(port: number, name: string, args: object = {}) {
  const headers = { authorization: `Bearer ${token}` };
  const body = JSON.stringify(args);
  const answer = await ask(port, `/admin/${name}`, { method: 'POST', headers, body });
  return JSON.parse(answer.body) as { readonly result?: object; readonly refused?: string };
}
