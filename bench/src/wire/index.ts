export {
  type Layer,
  layers,
  type Traffic,
  type WireEntry,
  type WireLedger,
  wireLedgerSchema,
} from './ledger.ts';
