import type { ArrivedChunk } from '@tandem/proxy';
import { loadPart } from './load-part.ts';

/** Shows what crosses one wire, with what each byte means. */
export interface ByteWatch {
  /** Takes a chunk as it crossed. */
  take(chunk: ArrivedChunk): void;
  /** Renders what has crossed since the last time; undefined when nothing has. */
  render(): string | undefined;
  /** Nothing crosses any more: what is not complete is rendered as it is. */
  end(): void;
}

/** Watches the connections of one wire, with the dissectors of the lab, which are loaded for that alone. */
export async function watchBytes(
  wire: 'framed' | 'grpc-unary' | 'grpc-converse',
  color: boolean,
): Promise<ByteWatch> {
  const { LiveConnection, renderFlights } = await loadPart(import('@tandem/bench/bytes'));
  const connections = new Map<number, InstanceType<typeof LiveConnection>>();
  return {
    take(chunk) {
      const { connection: number } = chunk;
      const connection = connections.get(number) ?? new LiveConnection(wire);
      connections.set(number, connection);
      connection.take(chunk);
    },
    render() {
      const flights = [...connections.values()].flatMap((connection) => connection.takeFlights());
      return flights.length === 0 ? undefined : renderFlights(flights, { color });
    },
    end() {
      for (const connection of connections.values()) connection.end();
    },
  };
}
