import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A bare connection to a server on this machine, gone after the test. */
export async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Says this, one byte a character, and hears what comes until it is so long. */
export async function ask(socket: Socket, text: string, responseBytes: number): Promise<string> {
  socket.write(text, 'latin1');
  let heard = '';
  while (heard.length < responseBytes) {
    const [bytes] = await once(socket, 'data');
    heard += (bytes as Buffer).toString('latin1');
  }
  socket.pause();
  return heard;
}

/** Reads until the server's end of stream. Rejects at a reset. */
export async function hearToEnd(socket: Socket): Promise<string> {
  let heard = '';
  for await (const bytes of socket) heard += (bytes as Buffer).toString('latin1');
  return heard;
}
