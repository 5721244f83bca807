export { ChatService, type ChatServiceOptions } from './chat-service.ts';
export { InProcessClient } from './in-process-client.ts';
export { type ChatLimits, defaultChatLimits } from './limits.ts';
export { MemoryStore } from './memory-store.ts';
export { type LoginResult, Peer } from './peer.ts';
export { type Receiver, Session } from './session.ts';
export type { Store, StoredAccount, StoredMessage, StoredState } from './store.ts';
