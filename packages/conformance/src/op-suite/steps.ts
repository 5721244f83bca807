import { type Message, Status } from '@tandem/core';

/**
 * One step of the op suite. What an operation says besides its status stands beside it: `unread` is
 * what a login delivers, `arrives` what a send to oneself brings.
 */
export type OpStep =
  | { readonly operation: 'register'; readonly username: string; readonly status: Status }
  | {
      readonly operation: 'login';
      readonly username: string;
      readonly status: Status;
      readonly unread?: readonly Message[];
    }
  | {
      readonly operation: 'search';
      readonly query: string;
      readonly status: Status;
      readonly usernames?: readonly string[];
    }
  | {
      readonly operation: 'send';
      readonly sender: string;
      readonly recipient: string;
      readonly body: string;
      readonly status: Status;
      readonly arrives?: Message;
    }
  | { readonly operation: 'logout' | 'delete'; readonly username: string; readonly status: Status }
  /** Only bytes can ask for an operation that there is not. */
  | { readonly operation: 'unknown'; readonly code: number; readonly status: Status };

/** What the 2023 program tested itself with, on a service that is empty at first. */
export const opSuite: readonly OpStep[] = [
  { operation: 'login', username: 'foo', status: Status.notRegistered },
  { operation: 'register', username: 'foo', status: Status.registered },
  { operation: 'register', username: 'foo', status: Status.usernameTaken },
  { operation: 'login', username: 'foo', status: Status.loggedIn },
  { operation: 'search', query: '*', status: Status.found, usernames: ['foo'] },
  { operation: 'search', query: 'noresults', status: Status.notFound },
  {
    operation: 'send',
    sender: 'foo',
    recipient: 'foo',
    body: 'test',
    status: Status.delivered,
    arrives: { sender: 'foo', body: 'test' },
  },
  { operation: 'send', sender: 'foo', recipient: 'bar', body: 'test', status: Status.noSuchUser },
  { operation: 'logout', username: 'foo', status: Status.loggedOut },
  { operation: 'unknown', code: 72, status: Status.badOperation },
  { operation: 'register', username: 'bar', status: Status.registered },
  { operation: 'login', username: 'bar', status: Status.loggedIn },
  { operation: 'send', sender: 'bar', recipient: 'foo', body: 'test2', status: Status.stored },
  { operation: 'delete', username: 'bar', status: Status.deleted },
  {
    operation: 'login',
    username: 'foo',
    status: Status.loggedInUnread,
    unread: [{ sender: 'bar', body: 'test2' }],
  },
  { operation: 'send', sender: 'foo', recipient: 'bar', body: 'test3', status: Status.noSuchUser },
];
