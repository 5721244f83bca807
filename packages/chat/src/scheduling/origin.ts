/**
 * The origin of a client, which decides whose share of the server it uses. Each object is one
 * connection.
 *
 * The chat knows no transport and only compares: clients with the same `address` use the share of one
 * address, clients with the same object that of one connection.
 */
export interface Origin {
  readonly address: string;
}

/** Returns the origin of a client that has its own connection, and no address. */
export function originOfItsOwn(): Origin {
  return { address: '' };
}
