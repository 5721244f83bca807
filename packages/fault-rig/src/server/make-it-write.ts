import { ChatError } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';

/**
 * Makes a request that the server has to write to its database, since all its clients may be silent.
 * Resolves at the response, or when the server is gone.
 */
export async function makeItWrite(host: string, port: number): Promise<void> {
  try {
    const client = await connectSocketClient({ host, port, responseTimeoutMs: 3_000 });
    const name = `written${Math.round(performance.now())}`;
    await client.register(name);
    await client.login(name);
    await client.delete();
    await client.close();
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
  }
}
