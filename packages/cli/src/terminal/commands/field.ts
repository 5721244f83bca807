import {
  messageCharsMax,
  queryCharsMax,
  refusalOfSecret,
  Status,
  secretCharsMax,
  secretCharsMin,
  usernameCharsMax,
} from '@tandem/core';
import { printable } from '../printable.ts';
import type { Field } from './command.ts';

const names: Readonly<Record<Field, string>> = {
  username: 'a username',
  query: 'a query',
  recipient: 'a username',
  message: 'a message',
  confirmation: 'your username',
  secret: 'a secret',
  currentSecret: 'a secret',
  newSecret: 'a secret',
  sameSecret: 'a secret',
};

/** Says which values a line lacks that its command needs. */
export function problemWithMissing(command: string, missing: readonly Field[]): string {
  const needs = missing.map((field) => names[field]).join(' and ');
  return `${command} needs ${needs} on its line: without a terminal, the chat asks for nothing`;
}

/**
 * Says why a value cannot be what a field needs; undefined where it can. The server refuses
 * the same; saying it here spares the round trip and can name the character. [P-2]
 *
 * @param user who is logged in; a confirmation must repeat it
 */
export function problemWith(
  field: Field,
  value: string,
  user: string | undefined,
): string | undefined {
  switch (field) {
    case 'username':
    case 'recipient':
      return problemWithUsername(value);
    case 'query':
      return problemWithQuery(value);
    case 'message':
      return problemWithMessage(value);
    case 'confirmation':
      return value === user
        ? undefined
        : `that is not your username: you are ${user}. Nothing was done`;
    case 'secret':
    case 'currentSecret':
    case 'newSecret':
    case 'sameSecret':
      return undefined;
  }
}

/** Says why an account cannot have this secret; undefined where it can. [P-2.4] */
export function problemWithSecret(username: string, secret: string): string | undefined {
  switch (refusalOfSecret(username, secret)) {
    case undefined:
      return undefined;
    case Status.invalidContent:
      return 'a secret has only English letters, digits, spaces, and punctuation without | (ASCII)';
    case Status.secretTooLong:
      return problemWithLength('a secret', secret.length, secretCharsMax);
    case Status.secretTooWeak:
      return weakSecret;
  }
}

/** The reason for which a secret is weak. */
export const weakSecret = `that secret is easy to guess: it needs at least ${secretCharsMin} characters, and is not a row of them (aaaaaaaa, 12345678), your username or a common secret (password1)`;

function problemWithUsername(username: string): string | undefined {
  if (username === '') return 'a username cannot be blank';
  const wrong = firstMatch(username, /[^A-Za-z0-9]/u);
  if (wrong !== undefined) {
    return `a username has only letters (a-z, A-Z) and digits: ${wrong} is not allowed`;
  }
  return problemWithLength('a username', username.length, usernameCharsMax);
}

function problemWithQuery(query: string): string | undefined {
  const wrong = firstMatch(query, /[^A-Za-z0-9*]/u);
  if (wrong !== undefined) {
    return `a query has only letters (a-z, A-Z), digits and *: ${wrong} is not allowed`;
  }
  return problemWithLength('a query', query.length, queryCharsMax);
}

function problemWithMessage(body: string): string | undefined {
  if (/^ *$/.test(body)) return 'a message cannot be empty, or only spaces';
  const lineBreak = firstMatch(body, /[\n\v\f\r\u0085\u2028\u2029]/u);
  if (lineBreak !== undefined) {
    return `a message is one line: the line break ${lineBreak} is not allowed`;
  }
  if (body.includes('|')) return 'a message cannot contain |';
  const wrong = firstMatch(body, /[^ -~]/u);
  if (wrong !== undefined) {
    return `a message has only English letters, digits, punctuation and spaces (ASCII): ${wrong} is not allowed`;
  }
  return problemWithLength('a message', body.length, messageCharsMax);
}

function problemWithLength(what: string, chars: number, charsMax: number): string | undefined {
  if (chars <= charsMax) return undefined;
  return `${what} has at most ${charsMax} characters: that one has ${chars}`;
}

function firstMatch(text: string, pattern: RegExp): string | undefined {
  const match = pattern.exec(text)?.[0];
  if (match === undefined) return undefined;
  return match === ' ' ? 'a space' : `"${printable(match)}"`;
}
