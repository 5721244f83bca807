export {
  batchFramesKey,
  batchFramesMax,
  batchFramesOf,
  batchMetadata,
  framesOf,
  isBatch,
  requestBytesMax,
} from './batch.ts';
export { loadMessageServiceClient, type MessageServiceClientConstructor } from './client.ts';
export type {
  AcknowledgeRequest,
  AcknowledgeRequest__Output,
} from './generated/AcknowledgeRequest.ts';
export type { BlockRequest, BlockRequest__Output } from './generated/BlockRequest.ts';
export type {
  ChangeSecretRequest,
  ChangeSecretRequest__Output,
} from './generated/ChangeSecretRequest.ts';
export type { ClientFrame, ClientFrame__Output } from './generated/ClientFrame.ts';
export type { LoginResponse, LoginResponse__Output } from './generated/LoginResponse.ts';
export type { Message, Message__Output } from './generated/Message.ts';
export type { MessageRequest, MessageRequest__Output } from './generated/MessageRequest.ts';
export type {
  MessageServiceClient,
  MessageServiceDefinition,
  MessageServiceHandlers,
} from './generated/MessageService.ts';
export type {
  ResumableResponse,
  ResumableResponse__Output,
} from './generated/ResumableResponse.ts';
export type { ResumeRequest, ResumeRequest__Output } from './generated/ResumeRequest.ts';
export type { SearchRequest, SearchRequest__Output } from './generated/SearchRequest.ts';
export type { SearchResponse, SearchResponse__Output } from './generated/SearchResponse.ts';
export type { SecretRequest, SecretRequest__Output } from './generated/SecretRequest.ts';
export type { ServerFrame, ServerFrame__Output } from './generated/ServerFrame.ts';
export type {
  StatusCodeResponse,
  StatusCodeResponse__Output,
} from './generated/StatusCodeResponse.ts';
export type { UsernameRequest, UsernameRequest__Output } from './generated/UsernameRequest.ts';
export { loadContract, loadMessageService } from './loader.ts';
