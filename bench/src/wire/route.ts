import { WireTap } from './tap.ts';

/** The way from a client to its server, with a tap on it. */
export interface Route {
  /** Where clients connect. */
  readonly host: string;
  readonly port: number;
  /** Whose bytes are the ledger's. */
  readonly tap: WireTap;
  /** Where, under TLS, what it protects is seen: the bytes of the transport itself. */
  readonly plainTap: WireTap | undefined;
  /** The secrets of its TLS connections, as far as they are known. */
  readonly secrets: TlsSecrets;
  close(): Promise<void>;
}

/** Finds a secret of a connection, by the random bytes of its ClientHello in hex, and its label. */
export type TlsSecrets = (clientRandom: string, label: string) => Buffer | undefined;

/** Client, tap, server. */
export async function openPlainRoute(host: string, port: number): Promise<Route> {
  const tap = await WireTap.open(host, port);
  return {
    host: tap.host,
    port: tap.port,
    tap,
    plainTap: undefined,
    secrets: () => undefined,
    close: () => tap.close(),
  };
}
