export { ChatService, type ChatServiceOptions } from './chat-service.ts';
export {
  ClientGone,
  Conversation,
  type ConversationEnd,
  type FoundOutcome,
  shortListMax,
  type Wire,
} from './conversation.ts';
export { FairQueue } from './fair-queue.ts';
export { InProcessClient } from './in-process-client.ts';
export { type ChatLimits, defaultChatLimits } from './limits.ts';
export { MemoryStore } from './memory-store.ts';
export type { Origin } from './origin.ts';
export { type Page, unreadPages, usernamePages } from './pages.ts';
export { type LoginResult, Peer } from './peer.ts';
export type { Request } from './request.ts';
export type { Asker } from './search-queue.ts';
export { type Receiver, Session } from './session.ts';
export { type BackupOptions, backUpStore, restoreStore } from './sqlite/backup.ts';
export type { CheckProgress } from './sqlite/check/check-database.ts';
export {
  type CheckStoreOptions,
  type CheckSummary,
  checkStore,
} from './sqlite/check/check-store.ts';
export type { CopySummary } from './sqlite/copy.ts';
export { SqliteStore, type SqliteStoreOptions } from './sqlite/sqlite-store.ts';
export type { Removal, Store, StoredAccount, StoredMessage, StoredState } from './store.ts';
export { StoreError, type StoreErrorCode } from './store-error.ts';
export type { Trace, TracedOperation } from './traced-peer.ts';
export { Turns, turnCost } from './turns.ts';
