export type { Cluster } from './cluster.ts';
export { type MoveOptions, type MoveSummary, moveToPostgres } from './move/move-to-postgres.ts';
export type { MovedBans } from './move/rows.ts';
export type { NodeReport } from './node-report.ts';
export { PostgresService, type PostgresServiceOptions } from './postgres-service.ts';
export { Traffic } from './traffic.ts';
