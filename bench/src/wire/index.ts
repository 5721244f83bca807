export { reasonsOf2023 } from './absence.ts';
export {
  type Layer,
  layers,
  type Traffic,
  type WireEntry,
  type WireLedger,
  wireLedgerSchema,
} from './ledger.ts';
export { renderWireMarkdown } from './markdown.ts';
export { measureWire, recordWire } from './measure.ts';
export { layerLetters, outline } from './outline.ts';
export { ledgerTables, packetsOf, variationOf } from './packets.ts';
export { readingHelp } from './reading.ts';
export type { Recording } from './recording.ts';
export { renderWire } from './render.ts';
export { type StackedBar, stack } from './stack.ts';
export { shortNames } from './table.ts';
export { walk } from './walk.ts';
