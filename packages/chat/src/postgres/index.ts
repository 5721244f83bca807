export type { Cluster, NodeSummary } from './cluster.ts';
export type { NodeReport } from './lease-keeper.ts';
export { type MoveOptions, type MoveSummary, moveToPostgres } from './move/move-to-postgres.ts';
export type { MovedBans } from './move/rows.ts';
export { PostgresService, type PostgresServiceOptions } from './postgres-service.ts';
