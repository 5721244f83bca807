import type { ArrivedChunk } from '@tandem/proxy';

/** Shows what crosses one wire, with what each byte means. */
export interface ByteWatch {
  /** Takes a chunk as it crossed. */
  take(chunk: ArrivedChunk): void;
  /** Renders what has crossed since the last time; undefined when nothing has. */
  render(): string | undefined;
}

/** Watches one connection, with the dissectors of the lab, which are loaded for that alone. */
export async function watchBytes(
  wire: 'framed' | 'grpc-unary' | 'grpc-converse',
  color: boolean,
): Promise<ByteWatch> {
  const { liveConnection, renderFlights } = await import('@tandem/bench/wire');
  const connection = liveConnection(wire);
  return {
    take: (chunk) => connection.take(chunk),
    render() {
      const { flights } = connection.settle(`the step on ${wire}`);
      return flights.length === 0 ? undefined : renderFlights(flights, { color });
    },
  };
}
