export { PostgresService, type PostgresServiceOptions } from './postgres-service.ts';
