import { type Layer, layers } from '../layers.ts';
import type { Traffic, WireHeader } from '../ledger.ts';
import { type Annotation, type AnnotationSinks, Annotator, type Annotators } from './annotator.ts';
import type { HeaderField } from './http2/hpack.ts';
import { huffmanBytes } from './http2/huffman.ts';

/** The layers, in the order of the ledger. */
export const layerNames = Object.keys(layers) as readonly Layer[];

/** The annotations of a step, and their sums: bytes by layer, both ways. */
export class Tally {
  readonly #bytes = new Map<Layer, { sent: number; received: number }>();
  readonly headers: WireHeader[] = [];
  readonly annotations: Record<keyof Annotators, Annotation[]> = { sent: [], received: [] };

  /** Makes the annotators of a connection; their annotations go to the tally of the current step. */
  static annotators(tally: () => Tally): Annotators {
    const { sent, received } = Tally.sinks(tally);
    return { sent: Annotator.of(sent), received: Annotator.of(received) };
  }

  /** The same for annotations that are made elsewhere. */
  static sinks(tally: () => Tally): AnnotationSinks {
    return {
      sent: (annotation) => tally().#add('sent', annotation),
      received: (annotation) => tally().#add('received', annotation),
    };
  }

  /** The layers that have bytes, in the order of the ledger. */
  get layers(): Partial<Record<Layer, Traffic>> {
    const found = layerNames.flatMap((layer) => {
      const traffic = this.#bytes.get(layer);
      return traffic === undefined ? [] : [[layer, traffic] as const];
    });
    return Object.fromEntries(found);
  }

  get total(): Traffic {
    return sum([...this.#bytes.values()]);
  }

  addHeader(direction: keyof Annotators, field: HeaderField): void {
    const { name, bytes, representation } = field;
    const range = rangeOf(field);
    this.headers.push({
      direction,
      name,
      value: steadyValue(field),
      representation,
      bytes,
      ...(range && { range }),
    });
  }

  #add(direction: keyof Annotators, annotation: Annotation): void {
    this.annotations[direction].push(annotation);
    const { layer, length } = annotation;
    let traffic = this.#bytes.get(layer);
    if (traffic === undefined) {
      traffic = { sent: 0, received: 0 };
      this.#bytes.set(layer, traffic);
    }
    traffic[direction] += length;
  }
}

/** The sum of all layers. */
export function sum(traffics: readonly Traffic[]): Traffic {
  return {
    sent: traffics.reduce((bytes, { sent }) => bytes + sent, 0),
    received: traffics.reduce((bytes, { received }) => bytes + received, 0),
  };
}

/**
 * Headers whose text differs from run to run. Their length in HPACK's Huffman code differs with it,
 * by a byte or two.
 */
export const unsteadyHeaders: ReadonlyMap<string, string> = new Map([
  [':authority', '<host and port>'],
  ['authorization', 'Bearer <token>'],
  ['date', '<date>'],
  ['session-token', '<token>'],
]);

function steadyValue({ name, value }: HeaderField): string {
  return unsteadyHeaders.get(name) ?? value;
}

const token = /[0-9a-f]{32}/;

// The codes of hexadecimal digits have 5 or 6 bits: `0` has 5, `3` has 6. HTTP/2 writes a date out once
// in a second, with a byte for its name and one for its length; after that, the date is one byte.
function rangeOf({
  name,
  value,
  bytes,
  representation,
}: HeaderField): [number, number] | undefined {
  if (name === 'date') return [1, 2 + huffmanBytes(value)];
  if (representation === 'indexed' || !token.test(value)) return undefined;
  const [least, most] = ['0', '3'].map((digit) => value.replace(token, digit.repeat(32)));
  const otherBytes = bytes - huffmanBytes(value);
  // A name that was remembered is one byte if nothing came behind it, such as a date, and two otherwise.
  const isRemembered = representation === 'remembered' && otherBytes <= 3;
  const [fewest, highest] = isRemembered ? [2, 3] : [otherBytes, otherBytes];
  return [fewest + huffmanBytes(least ?? ''), highest + huffmanBytes(most ?? '')];
}
