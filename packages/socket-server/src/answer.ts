import type { Peer } from '@tandem/chat';
import { Operation, parseSend, Status, senderOf } from '@tandem/core';
import type { Dialect } from './dialect.ts';

/** A request whose answer is one status, or one push. */
interface ShortRequest {
  readonly operation: number;
  readonly content: string;
}

/** Does what a request asks for, and lays the answer out in bytes. Never rejects. [P-4] */
export async function answer(
  peer: Peer,
  dialect: Dialect,
  { operation, content }: ShortRequest,
): Promise<Uint8Array | undefined> {
  switch (operation) {
    case Operation.register:
      return dialect.status((await peer.register(content)).status);
    case Operation.send:
      return send(peer, dialect, content);
    case Operation.logout:
      return dialect.status((await peer.logout(content)).status);
    case Operation.delete:
      return dialect.status((await peer.delete(content)).status);
    default:
      return dialect.status(Status.badOperation);
  }
}

async function send(
  peer: Peer,
  dialect: Dialect,
  content: string,
): Promise<Uint8Array | undefined> {
  // Whose name it is in comes before whether it is well formed. [P-5.4]
  const { sender, recipient, body } = parseSend(content) ?? {
    sender: senderOf(content),
    recipient: '',
    body: '',
  };
  const { status } = await peer.send(sender, recipient, body);
  return dialect.sendStatus(status, sender === recipient);
}
