import { type ChatClient, ExchangeClient } from '@tandem/core';
import type { Target } from '../lane.ts';
import { SeedExchange } from './exchange.ts';

/**
 * Connects to a socket server in the seed dialect: the 2023 program's protocol, with the client that
 * our other transports have, so that a comparison is about protocols. It is only for the lab: see
 * {@link separate} for what cannot be known in this dialect.
 *
 * @throws ChatError `connect-failed` or `connect-timeout`
 */
export async function connectSeedClient(target: Target): Promise<ChatClient> {
  const place = { ...target, address: target.host };
  const client = new ExchangeClient(place, (listener) => new SeedExchange(target, listener));
  await client.connected;
  return client;
}
