import type { ConnectionAccounts, ConnectionDissector, Dissector } from '../dissector.ts';

/** Takes an echo apart: there is nothing but content. */
export function dissectEcho(accounts: ConnectionAccounts): ConnectionDissector {
  const all = (account: ConnectionAccounts['sent']): Dissector => ({
    pendingBytes: 0,
    push: (chunk) => account('content', chunk.length),
  });
  return { sent: all(accounts.sent), received: all(accounts.received) };
}
