import { hostAndPort, type Listening } from './announcement.ts';

const explanations: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something listens there already; stop it, or choose another --socket-port',
  EACCES: 'this user may not listen there; choose a --socket-port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address; choose another --host',
  ENOTFOUND: 'there is no such name; choose another --host',
  EAI_AGAIN: 'the name could not be looked up; choose another --host',
};

/** Why a server could not listen, and what to do about it. */
export function explainListenError(error: unknown, { host, port }: Listening): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const explanation = explanations[code] ?? String(error);
  return `Cannot listen on ${hostAndPort(host, port)}: ${explanation}.`;
}
