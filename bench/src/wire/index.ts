export {
  type Layer,
  layers,
  type Traffic,
  type WireEntry,
  type WireLedger,
  wireLedgerSchema,
} from './ledger.ts';
export { renderWireMarkdown } from './markdown.ts';
export { measureWire } from './measure.ts';
export { ledgerTables, packetsOf, variationOf } from './packets.ts';
export { renderWire } from './render.ts';
export { type StackedBar, stack } from './stack.ts';
