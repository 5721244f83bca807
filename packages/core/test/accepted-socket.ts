import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * Returns both ends of a TCP connection, which end with the test. The server's end may be half open.
 *
 * @param pauseOnConnect false has the server's end read before it is returned, as that of a server without TLS
 */
export async function acceptedSocket({ pauseOnConnect = true } = {}): Promise<{
  readonly accepted: Socket;
  readonly client: Socket;
}> {
  const server = createServer({ pauseOnConnect, allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [accepted] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return { accepted, client };
}
