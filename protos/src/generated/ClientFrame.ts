// Original file: messageservice.proto

import type { UsernameRequest as _UsernameRequest, UsernameRequest__Output as _UsernameRequest__Output } from './UsernameRequest.ts';
import type { SearchRequest as _SearchRequest, SearchRequest__Output as _SearchRequest__Output } from './SearchRequest.ts';
import type { MessageRequest as _MessageRequest, MessageRequest__Output as _MessageRequest__Output } from './MessageRequest.ts';
import type { AcknowledgeRequest as _AcknowledgeRequest, AcknowledgeRequest__Output as _AcknowledgeRequest__Output } from './AcknowledgeRequest.ts';

/**
 * One request on a Converse stream. The field's number is the operation's code [P-3.1]; 7 stays
 * free, as it never travelled.
 */
export interface ClientFrame {
  /**
   * Makes an account: 1, 2, 122.
   */
  'register'?: (_UsernameRequest | null);
  /**
   * Begins this stream's session: 8, or pages of messages with 12 and a last one with 9; 10, 11,
   * 121, 122. `acknowledges` is taken for granted.
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
   * Says how many messages are taken. It has no answer; the answer to any later request but 127
   * confirms it. The username is not looked at and may be left out: the session is this stream's. A false
   * one is a bad operation; outside a session it is ignored.
   */
  'acknowledge'?: (_AcknowledgeRequest | null);
  /**
   * What is asked for. A frame without it, or with an operation that the server does not know, is a
   * bad operation.
   */
  'request'?: "register"|"login"|"search"|"send"|"logout"|"delete"|"acknowledge";
}

/**
 * One request on a Converse stream. The field's number is the operation's code [P-3.1]; 7 stays
 * free, as it never travelled.
 */
export interface ClientFrame__Output {
  /**
   * Makes an account: 1, 2, 122.
   */
  'register'?: (_UsernameRequest__Output | null);
  /**
   * Begins this stream's session: 8, or pages of messages with 12 and a last one with 9; 10, 11,
   * 121, 122. `acknowledges` is taken for granted.
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
   * Says how many messages are taken. It has no answer; the answer to any later request but 127
   * confirms it. The username is not looked at and may be left out: the session is this stream's. A false
   * one is a bad operation; outside a session it is ignored.
   */
  'acknowledge'?: (_AcknowledgeRequest__Output | null);
  /**
   * What is asked for. A frame without it, or with an operation that the server does not know, is a
   * bad operation.
   */
  'request'?: "register"|"login"|"search"|"send"|"logout"|"delete"|"acknowledge";
}
