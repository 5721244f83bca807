// Original file: messageservice.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AcknowledgeRequest as _AcknowledgeRequest, AcknowledgeRequest__Output as _AcknowledgeRequest__Output } from './AcknowledgeRequest.ts';
import type { BlockRequest as _BlockRequest, BlockRequest__Output as _BlockRequest__Output } from './BlockRequest.ts';
import type { ChangeSecretRequest as _ChangeSecretRequest, ChangeSecretRequest__Output as _ChangeSecretRequest__Output } from './ChangeSecretRequest.ts';
import type { ClientFrame as _ClientFrame, ClientFrame__Output as _ClientFrame__Output } from './ClientFrame.ts';
import type { LoginResponse as _LoginResponse, LoginResponse__Output as _LoginResponse__Output } from './LoginResponse.ts';
import type { Message as _Message, Message__Output as _Message__Output } from './Message.ts';
import type { MessageRequest as _MessageRequest, MessageRequest__Output as _MessageRequest__Output } from './MessageRequest.ts';
import type { ResumableResponse as _ResumableResponse, ResumableResponse__Output as _ResumableResponse__Output } from './ResumableResponse.ts';
import type { ResumeRequest as _ResumeRequest, ResumeRequest__Output as _ResumeRequest__Output } from './ResumeRequest.ts';
import type { SearchRequest as _SearchRequest, SearchRequest__Output as _SearchRequest__Output } from './SearchRequest.ts';
import type { SearchResponse as _SearchResponse, SearchResponse__Output as _SearchResponse__Output } from './SearchResponse.ts';
import type { SecretRequest as _SecretRequest, SecretRequest__Output as _SecretRequest__Output } from './SecretRequest.ts';
import type { ServerFrame as _ServerFrame, ServerFrame__Output as _ServerFrame__Output } from './ServerFrame.ts';
import type { StatusCodeResponse as _StatusCodeResponse, StatusCodeResponse__Output as _StatusCodeResponse__Output } from './StatusCodeResponse.ts';
import type { UsernameRequest as _UsernameRequest, UsernameRequest__Output as _UsernameRequest__Output } from './UsernameRequest.ts';

/**
 * Direct messages between registered users.
 */
export interface MessageServiceClient extends grpc.Client {
  /**
   * Acknowledges messages of the session: the server deletes them then, and not before. The response
   * comes when that is durable. After 127 it may not be durable; the client acknowledges again or logs
   * out, since 40 confirms it, too. Responses to other calls confirm nothing. For a session whose Login
   * has set `acknowledges`. [P-5.2]
   *
   * status_code: 56. Errors: UNAUTHENTICATED; INVALID_ARGUMENT if the count is more than was sent,
   * and the session ends.
   */
  Acknowledge(argument: _AcknowledgeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Acknowledge(argument: _AcknowledgeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Acknowledge(argument: _AcknowledgeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Acknowledge(argument: _AcknowledgeRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Acknowledges messages of the session: the server deletes them then, and not before. The response
   * comes when that is durable. After 127 it may not be durable; the client acknowledges again or logs
   * out, since 40 confirms it, too. Responses to other calls confirm nothing. For a session whose Login
   * has set `acknowledges`. [P-5.2]
   *
   * status_code: 56. Errors: UNAUTHENTICATED; INVALID_ARGUMENT if the count is more than was sent,
   * and the session ends.
   */
  acknowledge(argument: _AcknowledgeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _AcknowledgeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _AcknowledgeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  acknowledge(argument: _AcknowledgeRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Refuses a user's messages to the session's user: a send returns 26, as if the recipient did not exist.
   * [P-4.11]
   *
   * status_code: 72, 73, 74. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  Block(argument: _BlockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Block(argument: _BlockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Block(argument: _BlockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Block(argument: _BlockRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Refuses a user's messages to the session's user: a send returns 26, as if the recipient did not exist.
   * [P-4.11]
   *
   * status_code: 72, 73, 74. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  block(argument: _BlockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  block(argument: _BlockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  block(argument: _BlockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  block(argument: _BlockRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Changes the secret of the session's user, gives one to an account that has none, or removes it.
   * The response has a new token. [P-4.10]
   *
   * status_code: 64, 65, 116, 117, 118, 119. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  ChangeSecret(argument: _ChangeSecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  ChangeSecret(argument: _ChangeSecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  ChangeSecret(argument: _ChangeSecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  ChangeSecret(argument: _ChangeSecretRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Changes the secret of the session's user, gives one to an account that has none, or removes it.
   * The response has a new token. [P-4.10]
   *
   * status_code: 64, 65, 116, 117, 118, 119. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  changeSecret(argument: _ChangeSecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  changeSecret(argument: _ChangeSecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  changeSecret(argument: _ChangeSecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  changeSecret(argument: _ChangeSecretRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Carries a whole session on one stream, with the rules of the framed socket dialect. Requests take
   * effect, and get their responses, in their order, so a client may send the next request before the last
   * response. Incoming messages (32) stand between responses, but none before the 8 or 9 that ends a
   * login. Lists are sent as pages. The client always acknowledges. A stream has at most one session at a
   * time, which ends with the stream. [P-6.4, P-6.6, P-6.7]
   *
   * A message may carry several frames, as a batch, if its receiver takes batches. A client that does says
   * so in the metadata of the call, with `batch-frames-max` and the number of frames that it takes in one,
   * from 2 to 64; the server then says the same in its initial metadata, which comes with its first message.
   * Whoever has not read that of the other sends none, so that older clients and servers never meet
   * one. A batch means what its frames mean one after the other, in their order, and a sender does not wait
   * to fill it. To the server it takes at most 4,096 bytes, as every message there.
   *
   * When a client half-closes, the server carries out the requests that it has received, sends their
   * responses, and ends the stream with OK. Refusals are codes here: 120, 122, 123. Errors:
   * INVALID_ARGUMENT for a bad operation, after the responses to the requests before it, those of its
   * batch included. A frame without a request, or one that is no message of protobuf, is a bad operation;
   * so is a batch that is empty or too long, has something else, or stands in a batch, and nothing of it is
   * done. UNAVAILABLE for a shutdown, after the responses to the requests already read; RESOURCE_EXHAUSTED
   * for a message that is larger than any may be, or a server with too many streams; INTERNAL.
   */
  Converse(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ClientFrame, _ServerFrame__Output>;
  Converse(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ClientFrame, _ServerFrame__Output>;
  /**
   * Carries a whole session on one stream, with the rules of the framed socket dialect. Requests take
   * effect, and get their responses, in their order, so a client may send the next request before the last
   * response. Incoming messages (32) stand between responses, but none before the 8 or 9 that ends a
   * login. Lists are sent as pages. The client always acknowledges. A stream has at most one session at a
   * time, which ends with the stream. [P-6.4, P-6.6, P-6.7]
   *
   * A message may carry several frames, as a batch, if its receiver takes batches. A client that does says
   * so in the metadata of the call, with `batch-frames-max` and the number of frames that it takes in one,
   * from 2 to 64; the server then says the same in its initial metadata, which comes with its first message.
   * Whoever has not read that of the other sends none, so that older clients and servers never meet
   * one. A batch means what its frames mean one after the other, in their order, and a sender does not wait
   * to fill it. To the server it takes at most 4,096 bytes, as every message there.
   *
   * When a client half-closes, the server carries out the requests that it has received, sends their
   * responses, and ends the stream with OK. Refusals are codes here: 120, 122, 123. Errors:
   * INVALID_ARGUMENT for a bad operation, after the responses to the requests before it, those of its
   * batch included. A frame without a request, or one that is no message of protobuf, is a bad operation;
   * so is a batch that is empty or too long, has something else, or stands in a batch, and nothing of it is
   * done. UNAVAILABLE for a shutdown, after the responses to the requests already read; RESOURCE_EXHAUSTED
   * for a message that is larger than any may be, or a server with too many streams; INTERNAL.
   */
  converse(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ClientFrame, _ServerFrame__Output>;
  converse(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ClientFrame, _ServerFrame__Output>;

  /**
   * Ends the user's session and removes the account and its mailbox. Messages that the user sent
   * stay in others' mailboxes. [P-4.6]
   *
   * status_code: 48. Errors: UNAUTHENTICATED.
   */
  Delete(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Delete(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Delete(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Delete(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends the user's session and removes the account and its mailbox. Messages that the user sent
   * stay in others' mailboxes. [P-4.6]
   *
   * status_code: 48. Errors: UNAUTHENTICATED.
   */
  delete(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  delete(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  delete(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  delete(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Begins the user's session and returns the unread messages, in order. The initial metadata
   * carries `session-token`. The client must Subscribe within 5 seconds. [P-4.2]
   *
   * status_code: 8, 9, 10, 11; 121 if the call carries the token of a live session. Errors:
   * UNAUTHENTICATED if the account has a secret; INVALID_ARGUMENT.
   */
  Login(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  Login(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  Login(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  Login(argument: _UsernameRequest, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Begins the user's session and returns the unread messages, in order. The initial metadata
   * carries `session-token`. The client must Subscribe within 5 seconds. [P-4.2]
   *
   * status_code: 8, 9, 10, 11; 121 if the call carries the token of a live session. Errors:
   * UNAUTHENTICATED if the account has a secret; INVALID_ARGUMENT.
   */
  login(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  login(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  login(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;
  login(argument: _UsernameRequest, callback: grpc.requestCallback<_LoginResponse__Output>): grpc.ClientUnaryCall;

  /**
   * As Login, for an account with a secret. The response has a token to resume the session with. [P-4.7]
   *
   * status_code: 8, 9, 11, 14, 116, 118, 119; 121 as with Login. Errors: INVALID_ARGUMENT.
   */
  LoginWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  LoginWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  LoginWithSecret(argument: _SecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  LoginWithSecret(argument: _SecretRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  /**
   * As Login, for an account with a secret. The response has a token to resume the session with. [P-4.7]
   *
   * status_code: 8, 9, 11, 14, 116, 118, 119; 121 as with Login. Errors: INVALID_ARGUMENT.
   */
  loginWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  loginWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  loginWithSecret(argument: _SecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  loginWithSecret(argument: _SecretRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Ends the user's session. [P-4.5]
   *
   * status_code: 40. Errors: UNAUTHENTICATED.
   */
  Logout(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Logout(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Logout(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Logout(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends the user's session. [P-4.5]
   *
   * status_code: 40. Errors: UNAUTHENTICATED.
   */
  logout(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  logout(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  logout(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  logout(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Makes an account. It does not log in, and works with or without a session. [P-4.1]
   *
   * status_code: 1, 2. Errors: UNAUTHENTICATED where the server takes no accounts without a secret;
   * INVALID_ARGUMENT.
   */
  Register(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Register(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Register(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Register(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes an account. It does not log in, and works with or without a session. [P-4.1]
   *
   * status_code: 1, 2. Errors: UNAUTHENTICATED where the server takes no accounts without a secret;
   * INVALID_ARGUMENT.
   */
  register(argument: _UsernameRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  register(argument: _UsernameRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  register(argument: _UsernameRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  register(argument: _UsernameRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Makes an account with a secret. [P-4.8]
   *
   * status_code: 1, 2, 116, 117, 118. Errors: UNAUTHENTICATED where only the administrator makes
   * accounts; INVALID_ARGUMENT.
   */
  RegisterWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  RegisterWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  RegisterWithSecret(argument: _SecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  RegisterWithSecret(argument: _SecretRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes an account with a secret. [P-4.8]
   *
   * status_code: 1, 2, 116, 117, 118. Errors: UNAUTHENTICATED where only the administrator makes
   * accounts; INVALID_ARGUMENT.
   */
  registerWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  registerWithSecret(argument: _SecretRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  registerWithSecret(argument: _SecretRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  registerWithSecret(argument: _SecretRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Begins a session with the token of the user's last one, which ends if it is still open elsewhere. The
   * response has a new token. [P-4.9]
   *
   * status_code: 8, 9, 15; 121 as with Login. Errors: INVALID_ARGUMENT, also for a count that is more
   * than was sent.
   */
  Resume(argument: _ResumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  Resume(argument: _ResumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  Resume(argument: _ResumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  Resume(argument: _ResumeRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Begins a session with the token of the user's last one, which ends if it is still open elsewhere. The
   * response has a new token. [P-4.9]
   *
   * status_code: 8, 9, 15; 121 as with Login. Errors: INVALID_ARGUMENT, also for a count that is more
   * than was sent.
   */
  resume(argument: _ResumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  resume(argument: _ResumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  resume(argument: _ResumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;
  resume(argument: _ResumeRequest, callback: grpc.requestCallback<_ResumableResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Returns the usernames that match a query, in the order of their bytes, at most 10,000. Needs no
   * session. [P-4.3]
   *
   * status_code: 16, 17, 19. Errors: UNAUTHENTICATED where a search needs a session; INVALID_ARGUMENT.
   */
  Search(argument: _SearchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _SearchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _SearchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  Search(argument: _SearchRequest, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Returns the usernames that match a query, in the order of their bytes, at most 10,000. Needs no
   * session. [P-4.3]
   *
   * status_code: 16, 17, 19. Errors: UNAUTHENTICATED where a search needs a session; INVALID_ARGUMENT.
   */
  search(argument: _SearchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _SearchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _SearchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;
  search(argument: _SearchRequest, callback: grpc.requestCallback<_SearchResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Sends a message to a user, who may be the sender. The response says that the message is stored, not
   * that it has left the server. Sends that are pending at the same time have no order among themselves;
   * a send that begins after another's response comes after it. [P-4.4]
   *
   * status_code: 24, 25, 26, 27, 28. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  Send(argument: _MessageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Send(argument: _MessageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Send(argument: _MessageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Send(argument: _MessageRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Sends a message to a user, who may be the sender. The response says that the message is stored, not
   * that it has left the server. Sends that are pending at the same time have no order among themselves;
   * a send that begins after another's response comes after it. [P-4.4]
   *
   * status_code: 24, 25, 26, 27, 28. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  send(argument: _MessageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  send(argument: _MessageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  send(argument: _MessageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  send(argument: _MessageRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

  /**
   * Returns the messages that come after those of the Login's response, in order, while the session
   * lasts. A session has one such stream: the end of the stream ends the session, and a second stream gets
   * ALREADY_EXISTS. It ends OK after Logout and Delete. At most 256 messages and 65,536 bytes of
   * `sender|body` are sent and unacknowledged [P-5.3]; for a session that does not acknowledge, only the
   * flow control of its stream limits them.
   *
   * Errors: UNAUTHENTICATED, ALREADY_EXISTS.
   */
  Subscribe(argument: _UsernameRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_Message__Output>;
  Subscribe(argument: _UsernameRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_Message__Output>;
  /**
   * Returns the messages that come after those of the Login's response, in order, while the session
   * lasts. A session has one such stream: the end of the stream ends the session, and a second stream gets
   * ALREADY_EXISTS. It ends OK after Logout and Delete. At most 256 messages and 65,536 bytes of
   * `sender|body` are sent and unacknowledged [P-5.3]; for a session that does not acknowledge, only the
   * flow control of its stream limits them.
   *
   * Errors: UNAUTHENTICATED, ALREADY_EXISTS.
   */
  subscribe(argument: _UsernameRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_Message__Output>;
  subscribe(argument: _UsernameRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_Message__Output>;

  /**
   * Ends a Block. [P-4.11]
   *
   * status_code: 80. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  Unblock(argument: _BlockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Unblock(argument: _BlockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Unblock(argument: _BlockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  Unblock(argument: _BlockRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends a Block. [P-4.11]
   *
   * status_code: 80. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  unblock(argument: _BlockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  unblock(argument: _BlockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  unblock(argument: _BlockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;
  unblock(argument: _BlockRequest, callback: grpc.requestCallback<_StatusCodeResponse__Output>): grpc.ClientUnaryCall;

}

/**
 * Direct messages between registered users.
 */
export interface MessageServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Acknowledges messages of the session: the server deletes them then, and not before. The response
   * comes when that is durable. After 127 it may not be durable; the client acknowledges again or logs
   * out, since 40 confirms it, too. Responses to other calls confirm nothing. For a session whose Login
   * has set `acknowledges`. [P-5.2]
   *
   * status_code: 56. Errors: UNAUTHENTICATED; INVALID_ARGUMENT if the count is more than was sent,
   * and the session ends.
   */
  Acknowledge: grpc.handleUnaryCall<_AcknowledgeRequest__Output, _StatusCodeResponse>;

  /**
   * Refuses a user's messages to the session's user: a send returns 26, as if the recipient did not exist.
   * [P-4.11]
   *
   * status_code: 72, 73, 74. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  Block: grpc.handleUnaryCall<_BlockRequest__Output, _StatusCodeResponse>;

  /**
   * Changes the secret of the session's user, gives one to an account that has none, or removes it.
   * The response has a new token. [P-4.10]
   *
   * status_code: 64, 65, 116, 117, 118, 119. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  ChangeSecret: grpc.handleUnaryCall<_ChangeSecretRequest__Output, _ResumableResponse>;

  /**
   * Carries a whole session on one stream, with the rules of the framed socket dialect. Requests take
   * effect, and get their responses, in their order, so a client may send the next request before the last
   * response. Incoming messages (32) stand between responses, but none before the 8 or 9 that ends a
   * login. Lists are sent as pages. The client always acknowledges. A stream has at most one session at a
   * time, which ends with the stream. [P-6.4, P-6.6, P-6.7]
   *
   * A message may carry several frames, as a batch, if its receiver takes batches. A client that does says
   * so in the metadata of the call, with `batch-frames-max` and the number of frames that it takes in one,
   * from 2 to 64; the server then says the same in its initial metadata, which comes with its first message.
   * Whoever has not read that of the other sends none, so that older clients and servers never meet
   * one. A batch means what its frames mean one after the other, in their order, and a sender does not wait
   * to fill it. To the server it takes at most 4,096 bytes, as every message there.
   *
   * When a client half-closes, the server carries out the requests that it has received, sends their
   * responses, and ends the stream with OK. Refusals are codes here: 120, 122, 123. Errors:
   * INVALID_ARGUMENT for a bad operation, after the responses to the requests before it, those of its
   * batch included. A frame without a request, or one that is no message of protobuf, is a bad operation;
   * so is a batch that is empty or too long, has something else, or stands in a batch, and nothing of it is
   * done. UNAVAILABLE for a shutdown, after the responses to the requests already read; RESOURCE_EXHAUSTED
   * for a message that is larger than any may be, or a server with too many streams; INTERNAL.
   */
  Converse: grpc.handleBidiStreamingCall<_ClientFrame__Output, _ServerFrame>;

  /**
   * Ends the user's session and removes the account and its mailbox. Messages that the user sent
   * stay in others' mailboxes. [P-4.6]
   *
   * status_code: 48. Errors: UNAUTHENTICATED.
   */
  Delete: grpc.handleUnaryCall<_UsernameRequest__Output, _StatusCodeResponse>;

  /**
   * Begins the user's session and returns the unread messages, in order. The initial metadata
   * carries `session-token`. The client must Subscribe within 5 seconds. [P-4.2]
   *
   * status_code: 8, 9, 10, 11; 121 if the call carries the token of a live session. Errors:
   * UNAUTHENTICATED if the account has a secret; INVALID_ARGUMENT.
   */
  Login: grpc.handleUnaryCall<_UsernameRequest__Output, _LoginResponse>;

  /**
   * As Login, for an account with a secret. The response has a token to resume the session with. [P-4.7]
   *
   * status_code: 8, 9, 11, 14, 116, 118, 119; 121 as with Login. Errors: INVALID_ARGUMENT.
   */
  LoginWithSecret: grpc.handleUnaryCall<_SecretRequest__Output, _ResumableResponse>;

  /**
   * Ends the user's session. [P-4.5]
   *
   * status_code: 40. Errors: UNAUTHENTICATED.
   */
  Logout: grpc.handleUnaryCall<_UsernameRequest__Output, _StatusCodeResponse>;

  /**
   * Makes an account. It does not log in, and works with or without a session. [P-4.1]
   *
   * status_code: 1, 2. Errors: UNAUTHENTICATED where the server takes no accounts without a secret;
   * INVALID_ARGUMENT.
   */
  Register: grpc.handleUnaryCall<_UsernameRequest__Output, _StatusCodeResponse>;

  /**
   * Makes an account with a secret. [P-4.8]
   *
   * status_code: 1, 2, 116, 117, 118. Errors: UNAUTHENTICATED where only the administrator makes
   * accounts; INVALID_ARGUMENT.
   */
  RegisterWithSecret: grpc.handleUnaryCall<_SecretRequest__Output, _StatusCodeResponse>;

  /**
   * Begins a session with the token of the user's last one, which ends if it is still open elsewhere. The
   * response has a new token. [P-4.9]
   *
   * status_code: 8, 9, 15; 121 as with Login. Errors: INVALID_ARGUMENT, also for a count that is more
   * than was sent.
   */
  Resume: grpc.handleUnaryCall<_ResumeRequest__Output, _ResumableResponse>;

  /**
   * Returns the usernames that match a query, in the order of their bytes, at most 10,000. Needs no
   * session. [P-4.3]
   *
   * status_code: 16, 17, 19. Errors: UNAUTHENTICATED where a search needs a session; INVALID_ARGUMENT.
   */
  Search: grpc.handleUnaryCall<_SearchRequest__Output, _SearchResponse>;

  /**
   * Sends a message to a user, who may be the sender. The response says that the message is stored, not
   * that it has left the server. Sends that are pending at the same time have no order among themselves;
   * a send that begins after another's response comes after it. [P-4.4]
   *
   * status_code: 24, 25, 26, 27, 28. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  Send: grpc.handleUnaryCall<_MessageRequest__Output, _StatusCodeResponse>;

  /**
   * Returns the messages that come after those of the Login's response, in order, while the session
   * lasts. A session has one such stream: the end of the stream ends the session, and a second stream gets
   * ALREADY_EXISTS. It ends OK after Logout and Delete. At most 256 messages and 65,536 bytes of
   * `sender|body` are sent and unacknowledged [P-5.3]; for a session that does not acknowledge, only the
   * flow control of its stream limits them.
   *
   * Errors: UNAUTHENTICATED, ALREADY_EXISTS.
   */
  Subscribe: grpc.handleServerStreamingCall<_UsernameRequest__Output, _Message>;

  /**
   * Ends a Block. [P-4.11]
   *
   * status_code: 80. Errors: UNAUTHENTICATED, INVALID_ARGUMENT.
   */
  Unblock: grpc.handleUnaryCall<_BlockRequest__Output, _StatusCodeResponse>;

}

export interface MessageServiceDefinition extends grpc.ServiceDefinition {
  Acknowledge: MethodDefinition<_AcknowledgeRequest, _StatusCodeResponse, _AcknowledgeRequest__Output, _StatusCodeResponse__Output>
  Block: MethodDefinition<_BlockRequest, _StatusCodeResponse, _BlockRequest__Output, _StatusCodeResponse__Output>
  ChangeSecret: MethodDefinition<_ChangeSecretRequest, _ResumableResponse, _ChangeSecretRequest__Output, _ResumableResponse__Output>
  Converse: MethodDefinition<_ClientFrame, _ServerFrame, _ClientFrame__Output, _ServerFrame__Output>
  Delete: MethodDefinition<_UsernameRequest, _StatusCodeResponse, _UsernameRequest__Output, _StatusCodeResponse__Output>
  Login: MethodDefinition<_UsernameRequest, _LoginResponse, _UsernameRequest__Output, _LoginResponse__Output>
  LoginWithSecret: MethodDefinition<_SecretRequest, _ResumableResponse, _SecretRequest__Output, _ResumableResponse__Output>
  Logout: MethodDefinition<_UsernameRequest, _StatusCodeResponse, _UsernameRequest__Output, _StatusCodeResponse__Output>
  Register: MethodDefinition<_UsernameRequest, _StatusCodeResponse, _UsernameRequest__Output, _StatusCodeResponse__Output>
  RegisterWithSecret: MethodDefinition<_SecretRequest, _StatusCodeResponse, _SecretRequest__Output, _StatusCodeResponse__Output>
  Resume: MethodDefinition<_ResumeRequest, _ResumableResponse, _ResumeRequest__Output, _ResumableResponse__Output>
  Search: MethodDefinition<_SearchRequest, _SearchResponse, _SearchRequest__Output, _SearchResponse__Output>
  Send: MethodDefinition<_MessageRequest, _StatusCodeResponse, _MessageRequest__Output, _StatusCodeResponse__Output>
  Subscribe: MethodDefinition<_UsernameRequest, _Message, _UsernameRequest__Output, _Message__Output>
  Unblock: MethodDefinition<_BlockRequest, _StatusCodeResponse, _BlockRequest__Output, _StatusCodeResponse__Output>
}
