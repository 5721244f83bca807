/**
 * Where a client comes from: whose share of the server it uses. Each object is one connection.
 *
 * The chat knows no transport, so it only compares: who has the same `address` shares what one
 * address gets, and who has the same object shares what one connection gets.
 */
export interface Origin {
  readonly address: string;
}

/** Makes the origin of a client that shares its connection with nobody, and has no address. */
export function originOfItsOwn(): Origin {
  return { address: '' };
}
