export {
  type Layer,
  layers,
  type Traffic,
  type WireEntry,
  type WireHeader,
  type WireLedger,
  wireLedgerSchema,
} from './ledger.ts';
export { type MeasureWireOptions, measureWire, type WireProgress } from './measure.ts';
