export { type MoveOptions, type MoveSummary, moveToPostgres } from './move/move-to-postgres.ts';
export type { MovedBans } from './move/rows.ts';
export type { NodeReport } from './place/lease-keeper.ts';
export type { Cluster, NodeSummary } from './service/cluster.ts';
export { PostgresService, type PostgresServiceOptions } from './service/postgres-service.ts';
