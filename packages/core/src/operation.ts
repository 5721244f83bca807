/**
 * The operations of the service, with the byte that names each on the wire. [P-3.1]
 *
 * 7 stays free: it was the 2023 client's own `quit` and never travelled.
 */
export const Operation = {
  register: 1,
  login: 2,
  search: 3,
  send: 4,
  logout: 5,
  delete: 6,
  acknowledge: 8,
} as const;

/** One of the operation codes. */
export type Operation = (typeof Operation)[keyof typeof Operation];
