import { layerNames } from '../dissect/tally.ts';
import type { Layer } from '../layers.ts';
import type { Traffic, WireEntry, WireLedger } from '../ledger.ts';

/** The bytes of one operation on one lane, as a bar of layers. */
export interface StackedBar {
  readonly lane: string;
  readonly tls: boolean;
  /** Both ways together, in bytes. */
  readonly total: number;
  /**
   * Both ways together, in bytes, in the order of the ledger's layers: content first, the layer nearest
   * to the wire last. Every bar of a stack has the same layers: those for which some bar has bytes.
   */
  readonly layers: readonly { readonly layer: Layer; readonly bytes: number }[];
}

/** The bars of an operation, one for each lane that has it, in the order of the ledger. */
export function stack(
  { entries }: WireLedger,
  operation: string,
  call: WireEntry['call'],
): StackedBar[] {
  const stacked = entries.filter((entry) => entry.operation === operation && entry.call === call);
  const present = presentLayers(stacked);
  return stacked.map(({ lane, tls, total, layers }) => ({
    lane,
    tls,
    total: bothWays(total),
    layers: present.map((layer) => ({ layer, bytes: bothWays(layers[layer]) })),
  }));
}

/** The layers of which any of the entries has bytes, in the order of the ledger. */
export function presentLayers(entries: readonly WireEntry[]): Layer[] {
  return layerNames.filter((layer) => entries.some(({ layers }) => bothWays(layers[layer]) > 0));
}

/** The bytes of both ways together. */
export function bothWays(traffic: Traffic | undefined): number {
  return traffic === undefined ? 0 : traffic.sent + traffic.received;
}
