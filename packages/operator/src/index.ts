export { type AuditEntry, AuditLog } from './commands/audit-log.ts';
export { type BanList, Bans, type SharedBans } from './commands/bans.ts';
export type { CommandTargets } from './commands/command.ts';
export { connectionGate } from './commands/connection-gate.ts';
export { OperationMeter, StoreTimes } from './metrics/operation-meter.ts';
export type { ServiceView, TransportView } from './metrics/service-metrics.ts';
export {
  type OperatorServer,
  type OperatorServerOptions,
  startOperatorPort,
  startOperatorSocket,
} from './operator-server.ts';
