export {
  defaultGrpcPort,
  defaultSocketPort,
  formatAddress,
  formatPlace,
  isLoopback,
  networkOf,
  type Place,
  parseAddress,
  parseHost,
  plainAddress,
  type TransportName,
} from './address.ts';
export type { ChatClient, Resumption } from './client/chat-client.ts';
export { type Attempt, type ConnectOptions, dial } from './client/dial.ts';
export { ChatError, type ChatErrorCode, ConnectError } from './client/errors.ts';
export {
  ConnectionExchange,
  type ExchangeListener,
  OrderedExchange,
} from './client/exchange.ts';
export { ExchangeClient } from './client/exchange-client.ts';
export { ConnectionFailures } from './client/failures.ts';
export { Inbox } from './client/inbox.ts';
export {
  conclude,
  PendingRequest,
  PendingRequests,
  type ResponseContent,
  rejected,
} from './client/pending-requests.ts';
export { ResponseTimer } from './client/response-timer.ts';
export { clockMs } from './clock.ts';
export {
  formatMessage,
  joinMessage,
  parseAcknowledgement,
  parseParts,
  parseSend,
  type SendContent,
  senderOf,
  splitMessage,
  splitMessages,
} from './dialects/content.ts';
export { ReceiveBuffer } from './dialects/framed/receive-buffer.ts';
export {
  encodeFramedRequest,
  type FramedRequest,
  FramedRequestDecoder,
  framedVersion,
  isFramedVersion,
  type OversizedRequest,
  requestContentBytesLimit,
} from './dialects/framed/request.ts';
export {
  encodeFramedResponse,
  type FramedResponse,
  FramedResponseDecoder,
  frameContentBytesMax,
  type UnknownStatus,
} from './dialects/framed/response.ts';
export { Fifo } from './fifo.ts';
export { Operation, Status } from './rules/codes.ts';
export {
  isResumeToken,
  isSecretText,
  isValidMessage,
  isValidQuery,
  isValidUsername,
  type Message,
  mailboxMessagesMax,
  messageBytes,
  messageCharsMax,
  queryCharsMax,
  searchResultsMax,
  secretCharsMax,
  secretCharsMin,
  usernameCharsMax,
  windowBytesMax,
  windowMessagesMax,
} from './rules/limits.ts';
export type {
  BlockOutcome,
  ChangeSecretOutcome,
  DeleteOutcome,
  LoginOutcome,
  LoginRefusal,
  LogoutOutcome,
  Refusal,
  RegisterOutcome,
  SearchOutcome,
  SecretRefusal,
  SendOutcome,
  TriesOutcome,
} from './rules/outcomes.ts';
export {
  beginsSession,
  endsSession,
  hasContent,
  isPage,
  isResponseTo,
  type Outcome,
  refusalOfSecret,
} from './rules/outcomes.ts';
export type { ClientRequest } from './rules/requests.ts';
export { compileWildcard, literalPrefix } from './rules/wildcard.ts';
