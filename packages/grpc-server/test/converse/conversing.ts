import { GatedStore } from '@tandem/chat/testing';
import { expect } from 'vitest';
import { startStage } from '../fixture.ts';
import type { Conversing } from '../test-client.ts';

export const alice = { username: 'alice' };

/** A send as a frame says it. */
export function send(recipient: string, body = 'hi', sender = 'alice') {
  return { send: { sender, recipient, body } };
}

/** A server with two users, and a client of it with a Converse stream on which nobody is logged in. */
export async function startConversing() {
  const store = new GatedStore();
  const stage = await startStage({ store, users: ['alice', 'bob'] });
  const client = stage.client();
  return { store, stage, client, stream: client.converse() };
}

/** Says hello as alice, whose mailbox is empty. */
export async function enter(stream: Conversing): Promise<void> {
  stream.say({ login: alice });
  expect(await stream.statuses(1)).toEqual([8]);
}
