// Original file: messageservice.proto

import type { UsernameRequest as _UsernameRequest, UsernameRequest__Output as _UsernameRequest__Output } from './UsernameRequest.ts';
import type { SearchRequest as _SearchRequest, SearchRequest__Output as _SearchRequest__Output } from './SearchRequest.ts';
import type { MessageRequest as _MessageRequest, MessageRequest__Output as _MessageRequest__Output } from './MessageRequest.ts';
import type { AcknowledgeRequest as _AcknowledgeRequest, AcknowledgeRequest__Output as _AcknowledgeRequest__Output } from './AcknowledgeRequest.ts';
import type { SecretRequest as _SecretRequest, SecretRequest__Output as _SecretRequest__Output } from './SecretRequest.ts';
import type { ResumeRequest as _ResumeRequest, ResumeRequest__Output as _ResumeRequest__Output } from './ResumeRequest.ts';
import type { ChangeSecretRequest as _ChangeSecretRequest, ChangeSecretRequest__Output as _ChangeSecretRequest__Output } from './ChangeSecretRequest.ts';
import type { BlockRequest as _BlockRequest, BlockRequest__Output as _BlockRequest__Output } from './BlockRequest.ts';
import type { ClientBatch as _ClientBatch, ClientBatch__Output as _ClientBatch__Output } from './ClientBatch.ts';

export interface ClientFrame {
  'register'?: (_UsernameRequest | null);
  'login'?: (_UsernameRequest | null);
  'search'?: (_SearchRequest | null);
  'send'?: (_MessageRequest | null);
  'logout'?: (_UsernameRequest | null);
  'delete'?: (_UsernameRequest | null);
  'acknowledge'?: (_AcknowledgeRequest | null);
  'loginWithSecret'?: (_SecretRequest | null);
  'registerWithSecret'?: (_SecretRequest | null);
  'resume'?: (_ResumeRequest | null);
  'changeSecret'?: (_ChangeSecretRequest | null);
  'block'?: (_BlockRequest | null);
  'unblock'?: (_BlockRequest | null);
  'batch'?: (_ClientBatch | null);
  'request'?: "register"|"login"|"search"|"send"|"logout"|"delete"|"acknowledge"|"loginWithSecret"|"registerWithSecret"|"resume"|"changeSecret"|"block"|"unblock"|"batch";
}

export interface ClientFrame__Output {
  'register'?: (_UsernameRequest__Output | null);
  'login'?: (_UsernameRequest__Output | null);
  'search'?: (_SearchRequest__Output | null);
  'send'?: (_MessageRequest__Output | null);
  'logout'?: (_UsernameRequest__Output | null);
  'delete'?: (_UsernameRequest__Output | null);
  'acknowledge'?: (_AcknowledgeRequest__Output | null);
  'loginWithSecret'?: (_SecretRequest__Output | null);
  'registerWithSecret'?: (_SecretRequest__Output | null);
  'resume'?: (_ResumeRequest__Output | null);
  'changeSecret'?: (_ChangeSecretRequest__Output | null);
  'block'?: (_BlockRequest__Output | null);
  'unblock'?: (_BlockRequest__Output | null);
  'batch'?: (_ClientBatch__Output | null);
  'request'?: "register"|"login"|"search"|"send"|"logout"|"delete"|"acknowledge"|"loginWithSecret"|"registerWithSecret"|"resume"|"changeSecret"|"block"|"unblock"|"batch";
}
