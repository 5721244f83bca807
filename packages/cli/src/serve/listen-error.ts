import { hostAndPort } from '../host-and-port.ts';
import type { Served } from './announcement.ts';

/** Why a server could not listen, and what to do about it. */
export function explainListenError(error: unknown, { transport, host, port }: Served): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const explanation = explain(code, `--${transport}-port`) ?? String(error);
  return `Cannot listen on ${hostAndPort(host, port)}: ${explanation}.`;
}

function explain(code: string, portOption: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `something listens there already; stop it, or choose another ${portOption}`;
    case 'EACCES':
      return `this user may not listen there; choose a ${portOption} above 1023`;
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address; choose another --host';
    case 'ENOTFOUND':
      return 'there is no such name; choose another --host';
    case 'EAI_AGAIN':
      return 'the name could not be looked up; choose another --host';
    default:
      return undefined;
  }
}
