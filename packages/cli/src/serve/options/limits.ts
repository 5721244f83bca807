import type { AccountsMode } from '@tandem/chat';
import { defaultIdentitySettings } from '@tandem/chat/limits';
import { isLoopback } from '@tandem/core';
import { dayMs } from './limit-options.ts';
import type { ServeOptions } from './serve-options.ts';

/** Returns the limits of connections for the server of either transport. */
export function connectionLimits(options: ServeOptions) {
  return {
    connectionsMax: options.connectionsMax,
    connectionsPerAddressMax: options.connectionsPerAddressMax ?? Number.POSITIVE_INFINITY,
    idleBeforeLoginMs: options.idleBeforeLogin * 1000,
    drainTimeoutMs: options.drainTimeout * 1000,
    keepAliveMs: options.keepAlive * 1000,
    stopGraceMs: options.stopGrace * 1000,
  };
}

/** Returns the limits of calls for the gRPC server. */
export function callLimits(options: ServeOptions) {
  return {
    streamsPerConnectionMax: options.grpcCallsMax,
    messageTimeoutMs: options.grpcMessageTimeout * 1000,
    sessionMs: options.grpcSessionHours * 3_600_000,
  };
}

/** Tells who may make accounts: unless somebody says otherwise, elsewhere than on this machine only users with a secret. */
export function accountsOf({
  host,
  accounts = isLoopback(host) ? 'open' : 'protected',
}: Pick<ServeOptions, 'host' | 'accounts'>): AccountsMode {
  return accounts;
}

/** Returns the settings of the chat service: what users and addresses may do. */
export function serviceSettings(options: ServeOptions) {
  const { perAccount, perAddress } = defaultIdentitySettings.tries;
  return {
    limits: options,
    usage: options,
    searchNeedsSession: options.search === 'sessions',
    identity: {
      accounts: accountsOf(options),
      tries: {
        perAccount: { ...perAccount, burst: options.triesPerAccount },
        perAddress: { ...perAddress, burst: options.triesPerAddress },
      },
      resumeMs: options.resumeDays * dayMs,
    },
  };
}

/**
 * Tells if unary calls without a session token are known by their connection. The client of 2023 sends no
 * token; where others than this machine come, a proxy may join the connections of many clients. So it may on
 * this machine, of which only the operator knows.
 */
export function knowsConnections({
  host,
  grpcSessionsByConnection = isLoopback(host) ? 'on' : 'off',
}: Pick<ServeOptions, 'host' | 'grpcSessionsByConnection'>): boolean {
  return grpcSessionsByConnection === 'on';
}

/** Tells if they are so though nobody has said it: then the operator is told. */
export function connectionsAreKnownByDefault(
  options: Pick<ServeOptions, 'host' | 'grpcSessionsByConnection' | 'transport'>,
): boolean {
  const { transport, grpcSessionsByConnection: said } = options;
  return transport !== 'socket' && said === undefined && knowsConnections(options);
}
