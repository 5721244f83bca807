export { Admission, type AdmissionLimits } from './admission.ts';
export {
  type ConnectionGate,
  type ConnectionRefusal,
  ConnectionTable,
  type GateRefusal,
  listen,
  type TableConnection,
  type TransportServer,
} from './connection-table.ts';
export { ConnectionLog, type Log, Tally } from './log.ts';
export { LookRhythm, lookTickMs } from './look-rhythm.ts';
export {
  defaultMemoryBytesMax,
  inFlightMemoryBytes,
  type MemoryAccount,
  MemoryBudget,
  type MemoryOwner,
  unreadPageMemoryBytes,
  usernamesMemoryBytes,
} from './memory-budget.ts';
export { inOwnMemory, keyOfPart } from './node-parts.ts';
export { type Placed, PlacedSet } from './placed-set.ts';
export { smallReadBytesMax, smallReads } from './small-reads.ts';
export { socketTeardownUnits, TeardownQueue, type TornDown } from './teardown-queue.ts';
