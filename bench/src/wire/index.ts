export {
  type Layer,
  layers,
  type Traffic,
  type WireEntry,
  type WireHeader,
  type WireLedger,
  wireLedgerSchema,
} from './ledger.ts';
export { renderWireMarkdown } from './markdown.ts';
export { type MeasureWireOptions, measureWire, type WireProgress } from './measure.ts';
export { type RenderWireOptions, renderWire } from './render.ts';
export { type StackedBar, stack } from './stack.ts';
