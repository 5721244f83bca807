import { expect } from 'vitest';
import type { ChatClient, ChatError } from '../src/index.ts';

/** Expects that the client is broken for good, everything rejecting with one error, and returns that. */
export async function expectBroken(
  client: ChatClient,
  pending: readonly Promise<unknown>[] = [],
): Promise<ChatError> {
  const error = await client.closed;
  if (error === undefined) throw new Error('the client was closed, not broken');
  const later = [client.search('*'), client.send('bob', 'hi'), client.login('Not Valid')];
  for (const request of [...pending, ...later]) await expect(request).rejects.toBe(error);
  expect(await client.messages.next()).toEqual({ done: true, value: undefined });
  return error;
}
