import { formatAddress } from '@tandem/core';
import type { Served } from './announcement.ts';

/** The address to listen at, and the kind of server that it is for. */
interface ListenedPlace extends Omit<Served, 'address' | 'transport'> {
  readonly transport: Served['transport'] | 'admin';
}

/** Says why a server could not listen, and what to do about it. */
export function explainListenError(
  error: unknown,
  { transport, host, port }: ListenedPlace,
): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const explanation = explain(code, `--${transport}-port`) ?? String(error);
  return `Cannot listen on ${formatAddress(host, port)}: ${explanation}.`;
}

function explain(code: string, portOption: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `something listens there already; stop it, or choose another ${portOption}`;
    case 'EACCES':
      return `this user may not listen there; choose a ${portOption} above 1023`;
    case 'EINVAL':
      return 'an address of one link (fe80::...) needs its interface: --host fe80::1%eth0';
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
