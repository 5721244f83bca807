import { connect } from 'node:tls';

/**
 * Tells whether a server speaks TLS. It begins a handshake, and ends it; nothing is sent, and whom the
 * server is does not matter. For a client without TLS that was not understood.
 */
export function speaksTls(host: string, port: number, timeoutMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, rejectUnauthorized: false });
  const tell = (speaks: boolean) => {
    clearTimeout(timer);
    socket.destroy();
    resolve(speaks);
  };
  const timer = setTimeout(tell, timeoutMs, false);
  socket.once('secureConnect', () => tell(true));
  // An alert is TLS, too.
  socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => tell(code.includes('_ALERT_')));
  socket.once('close', () => tell(false));
  return promise;
}
