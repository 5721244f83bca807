export { NameList, smallListMax } from './accounts/name-list.ts';
export { nameEndCode, textOfNames } from './accounts/name-text.ts';
export { Conversation } from './conversation/conversation.ts';
export { type Page, readUnread } from './conversation/pages.ts';
export {
  ClientGone,
  type ConversationEnd,
  type Request,
  type ResponseDetail,
  type Wire,
} from './conversation/wire.ts';
export { type ChatLimits, defaultChatLimits } from './limits.ts';
export type { Asker, Origin } from './scheduling/fair-queue.ts';
export { type DeferredWork, Scheduler, turnCost } from './scheduling/scheduler.ts';
export type { FoundOutcome } from './search/search.ts';
export type { Administration, UserSummary } from './service/administration.ts';
export type { Chat } from './service/chat.ts';
export { ChatService, type ChatServiceOptions } from './service/chat-service.ts';
export { ClientAgent, type LoginResult } from './service/client-agent.ts';
export { InProcessClient } from './service/in-process-client.ts';
export type { AccountsMode, IdentitySettings } from './service/secrets.ts';
export {
  type MessageCounts,
  type Receiver,
  Session,
  type SessionSummary,
} from './service/session.ts';
export { bothTraces, type Trace, type TracedName } from './service/traced-agent.ts';
export type { UsageLimits, UsageRefusals } from './service/usage.ts';
export { MemoryStore } from './store/memory/memory-store.ts';
export type { CheckProgress } from './store/sqlite/check/findings.ts';
export {
  type BackupOptions,
  backUpStore,
  restoreStore,
} from './store/sqlite/maintenance/backup.ts';
export {
  type CheckStoreOptions,
  type CheckSummary,
  checkStore,
} from './store/sqlite/maintenance/check-store.ts';
export type { CopySummary } from './store/sqlite/maintenance/copy.ts';
export {
  SqliteStore,
  type SqliteStoreOptions,
  type StoreStep,
} from './store/sqlite/sqlite-store.ts';
export type {
  Credentials,
  Removal,
  Store,
  StoredAccount,
  StoredAccounts,
  StoredMessage,
  StoredState,
} from './store/store.ts';
export { StoreError, type StoreErrorCode } from './store/store-error.ts';
