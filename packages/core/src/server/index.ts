export { Admission, type AdmissionLimits } from './admission.ts';
export type { ConnectionGate, GateRefusal } from './connection-gate.ts';
export {
  type ConnectionRefusal,
  ConnectionTable,
  listen,
  type TableConnection,
} from './connection-table.ts';
export { ConnectionLog, type Log, Tally } from './log.ts';
export { LookRhythm, lookTickMs } from './look-rhythm.ts';
export {
  defaultMemoryBytesMax,
  type MemoryAccount,
  MemoryBudget,
  unreadPageMemoryBytes,
  usernamesMemoryBytes,
} from './memory-budget.ts';
