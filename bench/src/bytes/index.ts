export { type Layer, layers } from './layers.ts';
export {
  type Traffic,
  type WireEntry,
  type WireLedger,
  wireLedgerSchema,
} from './ledger.ts';
export { reasonsOf2023 } from './record/absence.ts';
export { measureWire, recordWire } from './record/measure.ts';
export type { Recording } from './record/recording.ts';
export { renderWireMarkdown } from './show/markdown.ts';
export { layerLetters, outline } from './show/outline.ts';
export { ledgerTables, packetsOf, variationOf } from './show/packets.ts';
export { readingHelp } from './show/reading.ts';
export { renderWire } from './show/render.ts';
export { type StackedBar, stack } from './show/stack.ts';
export { shortNames } from './show/table.ts';
export { walk } from './show/walk.ts';
