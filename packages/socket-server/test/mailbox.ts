import { ChatService, type LoginResult, MemoryStore, type Peer } from '@tandem/chat';

/** A login of alice to a mailbox that holds these bodies, all from bob; and what holds it all. */
export async function loginTo(bodies: readonly string[]): Promise<{
  readonly result: LoginResult;
  readonly peer: Peer;
}> {
  const service = await ChatService.open({ store: new MemoryStore(), limits: roomy });
  await service.register('alice');
  await Promise.all(bodies.map((body) => service.post('bob', 'alice', body)));
  const peer = service.connect({ push() {}, mailboxFailed() {} });
  return { result: await peer.login('alice'), peer };
}

const roomy = { mailboxMessagesMax: 65_535 };
