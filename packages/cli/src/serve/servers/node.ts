// A server that is a node of several, which share one PostgreSQL.
import { once } from 'node:events';
import { hostname } from 'node:os';
import {
  type NodeReport,
  PostgresService,
  type PostgresServiceOptions,
} from '@tandem/chat/postgres';
import { formatAddress } from '@tandem/core';
import type { Logger } from 'pino';
import manifest from '../../../package.json' with { type: 'json' };
import { isEveryAddress } from './announcement.ts';
import type { Operator } from './operator.ts';

/** Opens a node of a chat that several servers share. */
export async function openNode(
  url: string,
  shared: Omit<PostgresServiceOptions, 'url'>,
  logger: Logger,
  operator: Operator,
  signal: AbortSignal,
): Promise<PostgresService> {
  signal.throwIfAborted();
  const aborted = once(signal, 'abort').then((): never => {
    throw signal.reason;
  });
  // The first list of bans comes before the service can be asked to change it.
  let service: PostgresService | undefined;
  operator.shareBans({
    changeBan: async (...change) => (await service?.changeBan(...change)) ?? false,
  });
  const opened = PostgresService.open({
    ...shared,
    url,
    report: () => reportOf(operator),
    onNotice: (notice) => logger.warn(notice),
    onBans: operator.onBans,
  });
  service = await Promise.race([opened, aborted]);
  operator.cluster = service.cluster;
  logger.info({ node: service.node, accounts: service.accountCount }, 'opened');
  return service;
}

function reportOf({ state, servers }: Operator): NodeReport {
  const places = servers.map(({ transport, address, port }) => {
    const host = isEveryAddress(address) ? hostname() : address;
    return [transport, formatAddress(host, port)] as const;
  });
  return {
    version: manifest.version,
    state,
    addresses: Object.fromEntries(places),
    clients: servers.reduce((sum, { connectionCount }) => sum + connectionCount, 0),
  };
}
