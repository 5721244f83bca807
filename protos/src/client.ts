import { type Client, makeClientConstructor } from '@grpc/grpc-js';
import type { MessageServiceClient } from './generated/MessageService.ts';
import { loadMessageService } from './loader.ts';

/** Makes stubs of MessageService: an address, credentials and channel options. */
export type MessageServiceClientConstructor = new (
  ...options: ConstructorParameters<typeof Client>
) => MessageServiceClient;

let stubs: MessageServiceClientConstructor | undefined;

/** The typed class of stubs for MessageService, one for the whole process. */
export function loadMessageServiceClient(): MessageServiceClientConstructor {
  stubs ??= makeClientConstructor(
    loadMessageService(),
    'MessageService',
  ) as unknown as MessageServiceClientConstructor;
  return stubs;
}
