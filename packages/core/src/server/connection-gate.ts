/** The reason why a network may not connect: it does so too often, or the operator has banned it. */
export type GateRefusal = 'tooFast' | 'banned';

/** Decides about a connection before a server holds anything for it; one gate may serve several servers. */
export interface ConnectionGate {
  /**
   * Counts a connection of a network, and lets it pass; or returns why not, and then it does not count.
   *
   * @param network see `networkOf`
   */
  enter(network: string): GateRefusal | undefined;
}
