import { ChatError } from '@tandem/core';
import { connectSocketClient } from '@tandem/socket-client';

/**
 * Asks a server for something that it has to write down: all its clients may be silent just now.
 * Resolves when it is answered, or the server is gone.
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
