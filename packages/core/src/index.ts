export {
  formatAddress,
  formatPlace,
  type Place,
  parseAddress,
  parseHost,
  plainAddress,
} from './address.ts';
export type {
  ChatClient,
  DeleteOutcome,
  LoginOutcome,
  LogoutOutcome,
  Refusal,
  RegisterOutcome,
  SearchOutcome,
  SendOutcome,
} from './chat-client.ts';
export {
  type AnswerContent,
  canAnswer,
  conclude,
  endsSession,
  isPage,
  type Outcome,
} from './client/answer.ts';
export { AnswerQueue } from './client/answer-queue.ts';
export { ConnectError } from './client/connect-error.ts';
export { type Attempt, type DialOptions, dial } from './client/dial.ts';
export type { ClientRequest, Exchange, ExchangeListener } from './client/exchange.ts';
export { ExchangeClient } from './client/exchange-client.ts';
export { ConnectionFailures } from './client/failures.ts';
export { PendingRequest, rejected } from './client/pending-request.ts';
export { ResponseTimer } from './client/response-timer.ts';
export {
  parseAcknowledgement,
  parseSend,
  type SendContent,
  senderOf,
} from './content.ts';
export { ChatError, type ChatErrorCode } from './errors.ts';
export { Fifo } from './fifo.ts';
export {
  encodeFramedRequest,
  type FramedRequest,
  FramedRequestDecoder,
  type OversizedRequest,
  requestContentBytesLimit,
} from './framed/request.ts';
export {
  encodeFramedResponse,
  type FramedResponse,
  FramedResponseDecoder,
  frameContentBytesMax,
  hasContent,
  type UnknownStatus,
} from './framed/response.ts';
export { framedVersion, isFramedVersion } from './framed/version.ts';
export { Inbox } from './inbox.ts';
export {
  mailboxMessagesMax,
  messageCharsMax,
  queryCharsMax,
  searchResultsMax,
  usernameCharsMax,
  windowBytesMax,
  windowMessagesMax,
} from './limits.ts';
export {
  formatMessage,
  joinMessage,
  type Message,
  messageBytes,
  splitMessage,
  splitMessages,
} from './message.ts';
export { networkOf } from './network.ts';
export { Operation } from './operation.ts';
export { defaultGrpcPort, defaultSocketPort } from './ports.ts';
export { ReceiveBuffer } from './receive-buffer.ts';
export { parseMessages, parseSearchResults, searchUsernames } from './seed/functions.ts';
export {
  encodeSeedRequest,
  type SeedRequest,
  SeedRequestDecoder,
  type UnknownSeedOperation,
} from './seed/request.ts';
export {
  encodeSeedIncoming,
  encodeSeedListHeader,
  encodeSeedStatus,
  type SeedResponse,
  SeedResponseDecoder,
} from './seed/response.ts';
export {
  Admission,
  type AdmissionLimits,
  type AdmissionRefusal,
} from './server/admission.ts';
export { ConnectionLog, type Log, logRefusal } from './server/connection-log.ts';
export {
  defaultMemoryBytesMax,
  type MemoryAccount,
  MemoryBudget,
  unreadPageMemoryBytes,
  usernamesMemoryBytes,
} from './server/memory-budget.ts';
export { Tally } from './server/tally.ts';
export { Status } from './status.ts';
export { isValidMessage, isValidQuery, isValidUsername } from './validate.ts';
export { compileWildcard, literalPrefix } from './wildcard.ts';
