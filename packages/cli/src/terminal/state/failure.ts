import type { ChatError, ChatErrorCode } from '@tandem/core';
import { printable } from '../printable.ts';

/** The words before and after the error's own, which name the server. */
interface Frame {
  readonly before?: string;
  readonly after?: string;
}

const serverIsGone: Frame = {
  before: 'the server is gone: ',
  after: 'Unread messages wait for your next login, unless the server lost them',
};

const frames: Readonly<Record<ChatErrorCode, Frame>> = {
  'connect-failed': {
    after: '"pnpm serve" starts a server here; --host and --port name another one',
  },
  'connect-timeout': { after: 'Check --host, --port and --transport' },
  'tls-failed': {},
  'version-mismatch': { after: 'Check --port and --transport' },
  'connection-lost': serverIsGone,
  'response-timeout': serverIsGone,
  'server-stopped': serverIsGone,
  'server-busy': {},
  'protocol-error': { before: 'the connection was cut: ', after: 'Check --port and --transport' },
  closed: {},
};

/** A broken connection in one line: what happened, in the error's own words, and what to do. */
export function describeFailure(error: ChatError): string {
  const { before = '', after = '' } = frames[error.code];
  const stop = after === '' ? '' : /[.?!]$/.test(error.message) ? ' ' : '. ';
  return printable(`${before}${error.message}${stop}${after}`);
}
