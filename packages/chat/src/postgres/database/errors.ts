import { StoreError, type StoreErrorCode } from '../../store/store-error.ts';

/** An error of PostgreSQL, or of the operating system where its server could not be asked. */
interface DatabaseError extends Error {
  /** Five characters of PostgreSQL, or the name of an error of the operating system. */
  readonly code?: string;
  /** PostgreSQL's alone, in its language. */
  readonly severity?: string;
}

/** Thrown when a node has lost its place: what it asked for last may be done, or not. */
export class NodeLost extends StoreError {
  constructor(message: string, options?: ErrorOptions) {
    super('unreachable', message, options);
  }
}

/** The reason why nobody knows if what was written outlives the loss of the server. */
export const gaveUpWaiting = 'PostgreSQL gave up waiting for its standby';

/** The code that the schema raises when a node is buried. */
const buried = 'TD001';

/** Tells if a store error says that a node is buried. */
export function isBuried({ cause }: StoreError): boolean {
  return (cause as Partial<DatabaseError> | undefined)?.code === buried;
}

// Of connections, of operators who intervene, of the server's own faults.
const lostForms = /^(?:08|57P|58|F0|XX)/;
const codes: readonly (readonly [RegExp, StoreErrorCode])[] = [
  [/^28|^42501$/, 'denied'],
  [/^3D000$/, 'not-found'],
  [/^53100$/, 'full'],
  [/^25006$/, 'read-only'],
  [/^42/, 'schema'],
  [/^(?:53|55|57014)/, 'refused'],
  [/^(?:57|08)/, 'unreachable'],
];

// Errors of the driver, and what they mean.
const ofDriver: readonly (readonly [RegExp, StoreErrorCode, said?: string])[] = [
  [/does not support SSL/, 'refused'],
  [/^SASL: .* password must be/, 'denied', 'it wants a password, and there is none'],
  [
    /^Unknown authenticationOk/,
    'refused',
    'it wants a kind of authentication that there is not here, such as gss',
  ],
];

// Of a wait for a lock that took too long.
const lockTimeout = '55P03';

/** Says what a database could not do, as a store error. */
export function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { code = '', severity, message } = error as DatabaseError;
  if (severity === undefined) {
    const [, what = 'unreachable', said = message] =
      ofDriver.find(([form]) => form.test(message)) ?? [];
    return new StoreError(what, `PostgreSQL: ${said}`, { cause: error });
  }
  const what = codes.find(([form]) => form.test(code))?.[1] ?? 'io';
  const why = code === lockTimeout ? ' (tandem migrate holds all tables while it moves)' : '';
  return new StoreError(what, `PostgreSQL: ${message}${why}`, { cause: error });
}

/**
 * Tells what an error of a write means: that it was refused and nothing was done, or that the node has lost
 * its place, and nobody knows what was done.
 */
export function errorOfWrite(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { code = '', severity, message } = error as DatabaseError;
  if (code === buried)
    return new NodeLost('another node has taken this one for dead', { cause: error });
  if (severity !== undefined && !lostForms.test(code)) return storeErrorOf(error);
  return new NodeLost(`the connection to PostgreSQL was lost: ${message}`, { cause: error });
}

/** Rejects when there is no response in time: on a connection that was cut, a query waits for ever. */
export function within<Result>(ms: number, promise: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const tooLate = () =>
      reject(new NodeLost(`PostgreSQL has not answered for ${Math.round(ms / 100) / 10} seconds`));
    // When this process was held up, the response may be there, and is read before.
    const timer = setTimeout(() => setImmediate(tooLate), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
