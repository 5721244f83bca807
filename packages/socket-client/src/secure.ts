import { connect, type TLSSocket } from 'node:tls';
import { type ClientTls, checkServer, tlsConnectOptions, tlsProblem } from '@tandem/tls/client';
import type { SecureSocket, SocketOptions } from './connection.ts';

/** Returns what opens sockets with TLS. */
export function secureWith(tls: ClientTls): SecureSocket {
  return {
    open: (options: SocketOptions, host) => {
      // `onread` is an option of its, which the types do not know.
      const socket = connect({ ...options, ...tlsConnectOptions(tls, host, 'tandem/1') } as never);
      tls.tickets?.watch(socket);
      return socket;
    },
    check: (socket) => checkServer(socket as TLSSocket, tls, 'tandem/1'),
    problem: tlsProblem,
  };
}
