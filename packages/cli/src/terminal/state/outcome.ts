import {
  type Refusal,
  type SecretRefusal,
  Status,
  searchResultsMax,
  secretCharsMax,
  type TriesOutcome,
} from '@tandem/core';
import { weakSecret } from '../commands/field.ts';
import type { CompletedRequest, Entry } from './state.ts';

/** Describes the end of an operation. A delivered message to oneself is shown by its arrival alone. */
export function describeOutcome(completed: CompletedRequest, user: string | undefined): Entry[] {
  switch (completed.operation) {
    case 'register':
      return [describeRegister(completed)];
    case 'login':
      return [describeLogin(completed)];
    case 'secret':
      return [describeChange(completed)];
    case 'block':
    case 'unblock':
      return [describeBlock(completed)];
    case 'search':
      return describeSearch(completed);
    case 'send':
      return completed.outcome.status === Status.delivered && completed.recipient === user
        ? []
        : [describeSend(completed)];
    case 'logout':
      return [
        completed.outcome.status === Status.loggedOut
          ? said(`logged out ${completed.username}`)
          : describeUnended(completed.outcome.status, 'messages that you have read may come again'),
      ];
    case 'delete':
      return [
        completed.outcome.status === Status.deleted
          ? said(`the account ${completed.username} is deleted, and you are logged out`)
          : describeUnended(completed.outcome.status, 'the account may still be there'),
      ];
  }
}

const refusals: Readonly<Record<Refusal, string>> = {
  [Status.notLoggedIn]: 'the server says that you are not logged in; please log in again',
  [Status.invalidContent]: 'the server refused that as not valid',
  [Status.tooBusy]: 'the server is too busy; please try again later',
  [Status.unknownError]: 'something went wrong inside the server; please try again later',
};

/** A refusal of whatever was asked; where the server says so, with the time to wait. [P-4.12] */
function describeRefusal(text: string, { retryAfterS }: { readonly retryAfterS?: number }): Entry {
  if (retryAfterS === undefined) return refused(text);
  return refused(`that is more than the server allows in a time; ${wait(retryAfterS)}`);
}

function wait(retryAfterS: number): string {
  return `please try again after ${retryAfterS} ${retryAfterS === 1 ? 'second' : 'seconds'}`;
}

type RefusalWithSecret = Refusal | SecretRefusal | typeof Status.secretTooWeak;

const refusalsWithSecret: Readonly<Record<RefusalWithSecret, string>> = {
  ...refusals,
  [Status.noSecrets]: 'this server takes no secrets',
  [Status.badOperation]: 'this server knows no secrets: it is older than this client',
  [Status.secretTooLong]: `a secret has at most ${secretCharsMax} characters`,
  [Status.secretTooWeak]: weakSecret,
};

function tooManyTries({ retryAfterS }: TriesOutcome): Entry {
  return refused(`too many wrong secrets were tried; ${wait(retryAfterS)}`);
}

/** After 127 the session is over though what else was asked for may not be done. [P-5.1] */
function describeUnended(status: Refusal, doubt: string): Entry {
  if (status !== Status.unknownError) return refused(refusals[status]);
  return refused(`something went wrong inside the server: you are logged out, and ${doubt}`);
}

function describeRegister({
  username,
  outcome,
}: CompletedRequest & { operation: 'register' }): Entry {
  switch (outcome.status) {
    case Status.registered:
      return said(`registered ${username}; log in with "login ${username}"`);
    case Status.usernameTaken:
      return refused(`the username ${username} already exists; please choose another`);
    case Status.notLoggedIn:
      return refused(
        'the server makes no such account: accounts need a secret, or only its operator makes them',
      );
    default:
      return describeRefusal(refusalsWithSecret[outcome.status], outcome);
  }
}

function describeLogin({
  username,
  secret,
  outcome,
}: CompletedRequest & { operation: 'login' }): Entry {
  switch (outcome.status) {
    case Status.loggedIn:
    case Status.loggedInUnread:
      return said(`logged in as ${username}; ${formatUnread(outcome.unread)}`);
    case Status.notRegistered:
      return refused(`the user ${username} does not exist; "register ${username}" makes it`);
    case Status.alreadyLoggedIn:
      return refused(`${username} is already logged in somewhere else`);
    case Status.sessionInUse:
      return refused('the server says that you are already logged in; please log out first');
    case Status.notLoggedIn:
      // A user who is banned gets the same status, with the right secret too. [P-4.2]
      return refused(
        secret === undefined
          ? `the account ${username} has a secret, which is needed to log in, or the operator has banned it`
          : `the server does not let ${username} log in: the operator may have banned it`,
      );
    case Status.wrongSecret:
      return refused(`there is no user ${username} with that secret`);
    case Status.notResumable:
      return refused(`the session of ${username} cannot be resumed; please log in again`);
    case Status.tooManyTries:
      return tooManyTries(outcome);
    default:
      return refused(refusalsWithSecret[outcome.status]);
  }
}

function describeChange({ secret, outcome }: CompletedRequest & { operation: 'secret' }): Entry {
  switch (outcome.status) {
    case Status.secretChanged:
      return said(
        secret === ''
          ? 'your account has no secret any more: anybody can log in as you'
          : 'your secret is changed; from now on you log in with it',
      );
    case Status.wrongCurrentSecret:
      return refused('that is not your current secret; nothing was done');
    case Status.tooManyTries:
      return tooManyTries(outcome);
    case Status.secretTooWeak:
      return refused(secret === '' ? 'this server wants a secret for each account' : weakSecret);
    default:
      return refused(refusalsWithSecret[outcome.status]);
  }
}

function describeBlock({
  username,
  outcome,
}: CompletedRequest & { operation: 'block' | 'unblock' }): Entry {
  switch (outcome.status) {
    case Status.blocked:
      return said(`messages from ${username} are refused from now on`);
    case Status.unblocked:
      return said(`messages from ${username} are accepted again`);
    case Status.nobodyToBlock:
      return refused(`the user ${username} does not exist`);
    case Status.tooManyBlocked:
      return refused('you block the most users that you may; unblock one first');
    case Status.badOperation:
      return refused('this server has no blocking: it is older than this client');
    default:
      return refused(refusals[outcome.status]);
  }
}

function describeSearch({ outcome }: CompletedRequest & { operation: 'search' }): Entry[] {
  switch (outcome.status) {
    case Status.found:
    case Status.foundCut: {
      const { usernames } = outcome;
      const count = usernames.length === 1 ? '1 user matches' : `${usernames.length} users match`;
      const names: Entry = { kind: 'names', usernames };
      if (outcome.status === Status.found) return [said(`${count}:`), names];
      const cut = `the list was cut at ${searchResultsMax}: more users match; a longer query finds them`;
      return [said(`the first ${count}:`), names, said(cut)];
    }
    case Status.notFound:
      return [said('no user matches')];
    default:
      return [describeRefusal(refusals[outcome.status], outcome)];
  }
}

function describeSend({ recipient, outcome }: CompletedRequest & { operation: 'send' }): Entry {
  switch (outcome.status) {
    case Status.delivered:
      return said(`delivered to ${recipient}`);
    case Status.stored:
      return said(
        `${recipient} is not logged in; the message is stored and will be delivered at the next login`,
      );
    case Status.noSuchUser:
      return refused(`the user ${recipient} does not exist; the message was not sent`);
    case Status.sendFailed:
      return refused('the message could not be sent; please try again later');
    case Status.mailboxFull:
      return refused(
        `the mailbox of ${recipient} is full; the message was not sent: try again when ${recipient} has read some`,
      );
    default:
      return describeRefusal(refusals[outcome.status], outcome);
  }
}

function formatUnread(unread: number): string {
  if (unread === 0) return 'no unread messages';
  return unread === 1 ? '1 unread message:' : `${unread} unread messages:`;
}

function said(text: string): Entry {
  return { kind: 'said', text };
}

function refused(text: string): Entry {
  return { kind: 'refused', text };
}
