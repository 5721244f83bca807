import { ChatError, Status } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';

/**
 * Makes a request that the server has to write to its database, since all its clients may be silent.
 * Resolves at the response, or when the server is gone: with true when it has written.
 */
export async function makeItWrite(host: string, port: number): Promise<boolean> {
  try {
    const client = await connectSocketClient({ host, port, responseTimeoutMs: 3_000 });
    const name = `written${Math.round(performance.now())}`;
    await client.register(name);
    await client.login(name);
    const { status } = await client.delete();
    await client.close();
    return status === Status.deleted;
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return false;
  }
}
