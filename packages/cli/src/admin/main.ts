// `tandem admin`: asks a running server, and no transport of clients is loaded.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { askOperator, nameOfUser, type OperatorPlace } from '@tandem/operator/client';
import { exitCode, refuse } from '../refuse.ts';
import { readSecret } from '../secret-file.ts';
import { printable } from '../terminal/printable.ts';
import type { AdminRequest, AdminServer } from './admin-command.ts';
import { renderResult } from './render-result.ts';

/** Asks the server, and prints its response; then ends the process. */
export async function admin(request: AdminRequest): Promise<void> {
  const secret = secretOf(request.secret);
  const args = secret === undefined ? request.arguments : { ...request.arguments, secret };
  const place = placeOf(request.server);
  const response = await askOperator(place, request.command, args, nameOfUser()).catch(
    (error: unknown) => refuse(explainUnreachable(error, place)),
  );
  if ('refused' in response) return refuse(response.refused);
  const result = request.secret === 'generated' ? { ...response.result, secret } : response.result;
  process.stdout.write(
    request.json ? `${JSON.stringify(result)}\n` : renderResult(request.command, result),
  );
}

function placeOf(server: AdminServer): OperatorPlace {
  if ('dataDir' in server) return { socketPath: join(server.dataDir, 'admin.sock') };
  const { adminPort, adminTokenFile } = server;
  if (adminTokenFile === undefined) {
    return refuse(
      'A port takes commands only with the token of the server: name its file with --admin-token-file, or leave out --admin-port to use the socket in --data-dir.',
      exitCode.usage,
    );
  }
  return { host: '127.0.0.1', port: adminPort, token: readSecret(adminTokenFile) };
}

/** Returns the secret that goes with a request. A new one has 120 random bits. */
function secretOf(secret: AdminRequest['secret']): string | undefined {
  if (secret === 'generated') return randomBytes(15).toString('base64url');
  return secret && readSecret(secret.file);
}

function explainUnreachable(error: unknown, place: OperatorPlace): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const where = 'socketPath' in place ? printable(place.socketPath) : `127.0.0.1:${place.port}`;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ECONNREFUSED':
      return `No server takes commands at ${where}: start one, or name the --data-dir or --admin-port of one that runs.`;
    case 'EACCES':
      return `This user may not use ${where}: become the user of the server, or root.`;
    default:
      return `The server at ${where} did not answer: ${message}. Is this the --admin-port of a server of this version?`;
  }
}
