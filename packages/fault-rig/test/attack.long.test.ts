import { expect, test } from 'vitest';
import { attacks } from '../src/attack/attacks/index.ts';
import { expectHeld } from './attack-run.ts';

const groups: Readonly<Record<string, readonly string[]>> = {
  frames: [
    'continuation-flood',
    'continuation-flood-small',
    'made-you-reset',
    'settings-flood',
    'ping-flood',
    'ping-flood-read',
    'window-update-flood',
    'empty-data-flood',
    'priority-flood',
    'unknown-frame-flood',
  ],
  'bytes and connections': [
    'nobody',
    'garbage',
    'http1',
    'tls',
    'half-requests',
    'slow-sockets',
    'slow-grpc',
    'idle-sockets',
    'idle-grpc',
    'connect-reset',
    'half-open',
  ],
  // Its server and its honest clients speak TLS.
  TLS: ['tls-handshakes', 'tls-half-handshakes', 'tls-new-keys', 'tls-tiny-records'],
  // It sets options of the whole server, so it attacks alone.
  descriptors: ['descriptor-limit'],
  calls: [
    'hpack-amplification',
    'unended-headers',
    'header-lines-flood',
    'rapid-reset',
    'reset-streams',
    'call-flood',
    'silent-calls',
    'binary-metadata',
    'crumbs',
    'half-said-calls',
    'endless-calls',
    'subscribe-calls',
    'odd-timeouts',
    'compressed-bombs',
    'unknown-methods',
    'health-watch',
    'reflection-flood',
    'reflection-unread',
  ],
  answers: [
    'reset-in-search',
    'reset-in-login',
    'reset-in-call',
    'unread-searches',
    'unread-calls',
    'unread-converse',
    'unread-requests',
    'unread-logins',
    'mailbox-logins',
  ],
  secrets: ['guess-account-sockets', 'guess-account-unary', 'guess-accounts-sockets'],
  'searches and writes': [
    'search-flood-sockets',
    'search-flood-addresses',
    'search-flood-hard',
    'search-flood-converse',
    'search-flood-unary',
    'mailbox-flood',
    'register-flood',
    'flooded-sessions',
    'session-churn',
    'seed-flood',
  ],
};

test('the groups have each attack once', () => {
  const names = attacks.map(({ name }) => name);
  expect(Object.values(groups).flat().sort()).toEqual(names.sort());
});

// The attacks of a group run at once, so that the start of processes takes less time than the attack. The groups run
// one after the other: attackers have a low priority, and get no turn beside several busy servers.
test.each(Object.entries(groups))('tandem serve holds against %s', (_, names) => expectHeld(names));
