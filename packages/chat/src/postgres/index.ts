export type { Cluster } from './cluster.ts';
export type { NodeReport } from './node-report.ts';
export { PostgresService, type PostgresServiceOptions } from './postgres-service.ts';
