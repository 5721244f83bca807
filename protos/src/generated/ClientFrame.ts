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

/**
 * One request on a Converse stream. The field's number is the operation's code [P-3.1]. 7 stays free,
 * since that operation is never sent, and the number of a batch is above those of a byte.
 */
export interface ClientFrame {
  /**
   * Makes an account: 1, 2, 122.
   */
  'register'?: (_UsernameRequest | null);
  /**
   * Begins this stream's session: 8, or pages of messages with 12 and a last one with 9; 10, 11,
   * 121, 122. The server treats `acknowledges` as set.
   */
  'login'?: (_UsernameRequest | null);
  /**
   * Asks for usernames: 17, or pages of usernames with 18 and a last one with 16 or 19; 122.
   */
  'search'?: (_SearchRequest | null);
  /**
   * Sends a message: 24, 25, 26, 27, 28, 120, 122.
   */
  'send'?: (_MessageRequest | null);
  /**
   * Ends the session, not the stream: 40, 120.
   */
  'logout'?: (_UsernameRequest | null);
  /**
   * Ends the session and removes the account: 48, 120.
   */
  'delete'?: (_UsernameRequest | null);
  /**
   * Acknowledges messages. It has no response; the response to any later request confirms it, except 127.
   * The server ignores the username, which may be empty, since the session is this stream's. A false
   * count is a bad operation. Outside a session the request is ignored.
   */
  'acknowledge'?: (_AcknowledgeRequest | null);
  /**
   * Begins this stream's session with a secret: 13 with the token, and then the response of a login; 11,
   * 14, 116, 118, 119, 121, 122.
   */
  'loginWithSecret'?: (_SecretRequest | null);
  /**
   * Makes an account with a secret: 1, 2, 116, 117, 118, 120, 122.
   */
  'registerWithSecret'?: (_SecretRequest | null);
  /**
   * Begins this stream's session with a token: 13 with the new token, and then the response of a login;
   * 15, 121, 122. A count that is more than was sent is a bad operation.
   */
  'resume'?: (_ResumeRequest | null);
  /**
   * Changes the secret: 64 with the new token; 65, 116, 117, 118, 119, 120, 122.
   */
  'changeSecret'?: (_ChangeSecretRequest | null);
  /**
   * Blocks a user: 72, 73, 74, 120, 122.
   */
  'block'?: (_BlockRequest | null);
  /**
   * Unblocks a user: 80, 120, 122.
   */
  'unblock'?: (_BlockRequest | null);
  /**
   * Several requests. Only to a server that takes batches.
   */
  'batch'?: (_ClientBatch | null);
  /**
   * The operation. A frame without one, or with one that the server does not know, is a bad operation.
   */
  'request'?: "register"|"login"|"search"|"send"|"logout"|"delete"|"acknowledge"|"loginWithSecret"|"registerWithSecret"|"resume"|"changeSecret"|"block"|"unblock"|"batch";
}

/**
 * One request on a Converse stream. The field's number is the operation's code [P-3.1]. 7 stays free,
 * since that operation is never sent, and the number of a batch is above those of a byte.
 */
export interface ClientFrame__Output {
  /**
   * Makes an account: 1, 2, 122.
   */
  'register'?: (_UsernameRequest__Output | null);
  /**
   * Begins this stream's session: 8, or pages of messages with 12 and a last one with 9; 10, 11,
   * 121, 122. The server treats `acknowledges` as set.
   */
  'login'?: (_UsernameRequest__Output | null);
  /**
   * Asks for usernames: 17, or pages of usernames with 18 and a last one with 16 or 19; 122.
   */
  'search'?: (_SearchRequest__Output | null);
  /**
   * Sends a message: 24, 25, 26, 27, 28, 120, 122.
   */
  'send'?: (_MessageRequest__Output | null);
  /**
   * Ends the session, not the stream: 40, 120.
   */
  'logout'?: (_UsernameRequest__Output | null);
  /**
   * Ends the session and removes the account: 48, 120.
   */
  'delete'?: (_UsernameRequest__Output | null);
  /**
   * Acknowledges messages. It has no response; the response to any later request confirms it, except 127.
   * The server ignores the username, which may be empty, since the session is this stream's. A false
   * count is a bad operation. Outside a session the request is ignored.
   */
  'acknowledge'?: (_AcknowledgeRequest__Output | null);
  /**
   * Begins this stream's session with a secret: 13 with the token, and then the response of a login; 11,
   * 14, 116, 118, 119, 121, 122.
   */
  'loginWithSecret'?: (_SecretRequest__Output | null);
  /**
   * Makes an account with a secret: 1, 2, 116, 117, 118, 120, 122.
   */
  'registerWithSecret'?: (_SecretRequest__Output | null);
  /**
   * Begins this stream's session with a token: 13 with the new token, and then the response of a login;
   * 15, 121, 122. A count that is more than was sent is a bad operation.
   */
  'resume'?: (_ResumeRequest__Output | null);
  /**
   * Changes the secret: 64 with the new token; 65, 116, 117, 118, 119, 120, 122.
   */
  'changeSecret'?: (_ChangeSecretRequest__Output | null);
  /**
   * Blocks a user: 72, 73, 74, 120, 122.
   */
  'block'?: (_BlockRequest__Output | null);
  /**
   * Unblocks a user: 80, 120, 122.
   */
  'unblock'?: (_BlockRequest__Output | null);
  /**
   * Several requests. Only to a server that takes batches.
   */
  'batch'?: (_ClientBatch__Output | null);
  /**
   * The operation. A frame without one, or with one that the server does not know, is a bad operation.
   */
  'request'?: "register"|"login"|"search"|"send"|"logout"|"delete"|"acknowledge"|"loginWithSecret"|"registerWithSecret"|"resume"|"changeSecret"|"block"|"unblock"|"batch";
}
