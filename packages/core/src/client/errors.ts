/**
 * A stable code for each failure of a transport:
 *
 * - `connect-failed`: nobody listens there, or the name or the network failed
 * - `connect-timeout`: no connection, or no version byte, in time
 * - `tls-failed`: TLS could not be agreed on, or one side does not trust the other's certificate
 * - `version-mismatch`: the other side speaks another version, or is no Tandem server
 * - `connection-lost`: the connection ended, and this side did not end it
 * - `response-timeout`: a request is pending and the server has sent nothing for too long
 * - `server-busy`: the server takes no more connections
 * - `server-stopped`: the server said that it is shutting down
 * - `protocol-error`: the other side sent what the protocol does not allow
 * - `closed`: the client was closed on this side
 */
export type ChatErrorCode =
  | 'connect-failed'
  | 'connect-timeout'
  | 'tls-failed'
  | 'version-mismatch'
  | 'connection-lost'
  | 'response-timeout'
  | 'server-busy'
  | 'server-stopped'
  | 'protocol-error'
  | 'closed';

/**
 * A broken transport or protocol. Expected outcomes, refusals among them, are never thrown: they
 * are returned as a status.
 */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  /** Stable, for programs; the message is for people. */
  readonly code: ChatErrorCode;

  constructor(code: ChatErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The failure of an attempt to connect, in the parts of its message. */
export interface ConnectFailure {
  readonly code: ChatErrorCode;
  /** The event, as a clause that follows the address. */
  readonly reason: string;
  /** The advice, as a question. */
  readonly advice: string;
  readonly cause?: unknown;
}

/** The failure to connect, to one address or to all of a host. */
export class ConnectError extends ChatError {
  readonly failure: ConnectFailure;

  /** @param server the server, by the name that the user gave and by its address */
  constructor(server: string, failure: ConnectFailure) {
    const { code, reason, advice, cause } = failure;
    super(code, `cannot connect to ${server}: ${reason}; ${advice}`, { cause });
    this.failure = failure;
  }
}

/** The reason and the advice for each error code of the network. */
const networkFailures: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  ECONNREFUSED: ['nobody listens there', 'is the server running?'],
  ECONNRESET: ['it reset the connection before it named its protocol', ''],
  EPIPE: ['it ended the connection before it named its protocol', ''],
  ETIMEDOUT: ['it did not answer', 'is the address right, and does no firewall block it?'],
  EHOSTUNREACH: ['there is no route to it', 'is the address right, and the network up?'],
  EHOSTDOWN: ['the machine is down', 'is the address right?'],
  ENETUNREACH: ['there is no route to it', 'is the address right, and the network up?'],
  ENETDOWN: ['the network is down', 'is the network up?'],
  EADDRNOTAVAIL: ['this machine cannot connect to such an address', 'is the address right?'],
  EACCES: ['this machine does not allow it', 'does a firewall forbid it?'],
  EPERM: ['this machine does not allow it', 'does a firewall forbid it?'],
  EINVAL: ['that address needs its interface', 'does it look like fe80::1%eth0?'],
  EMFILE: ['this process has too many files open', 'can some be closed?'],
  ENFILE: ['this machine has too many files open', 'can some be closed?'],
  ENOTFOUND: ['there is no such host', 'is the name right?'],
  EAI_AGAIN: ['the name could not be looked up', 'is the network up?'],
};

/**
 * Returns the failure for an error of the network.
 *
 * @param said the error's own text, which contains the code
 * @param isItTandem the advice for when another program seems to listen
 */
export function networkFailure(said: string, isItTandem: string, cause: unknown): ConnectFailure {
  const code = /\bE[A-Z][A-Z_0-9]+\b/.exec(said)?.[0] ?? '';
  const [reason, advice] = networkFailures[code] ?? [];
  return {
    code: 'connect-failed',
    reason: reason === undefined ? said : `${reason} (${code})`,
    advice: advice || (reason === undefined ? 'is the address right?' : isItTandem),
    cause,
  };
}

/** Joins the failures of all addresses of a host. The code and the advice are those of the clearest one. */
export function failureOfAll(
  failures: readonly (readonly [address: string, ConnectFailure])[],
): ConnectFailure {
  const addressesOf = new Map<string, string[]>();
  for (const [address, { reason }] of failures) {
    addressesOf.set(reason, [...(addressesOf.get(reason) ?? []), address]);
  }
  const reasons = [...addressesOf].map(
    ([reason, at]) => `at ${new Intl.ListFormat('en-GB').format(at)}, ${reason}`,
  );
  const all = failures.map(([, failure]) => failure);
  const [clearest] = all.toSorted((one, other) => clarity(other) - clarity(one));
  return {
    code: clearest?.code ?? 'connect-failed',
    reason: reasons.join('; '),
    advice: clearest?.advice ?? '',
    cause: new AggregateError(all.map(({ cause }) => cause)),
  };
}

/** Ranks failures: a wrong protocol or certificate shows a server, silence may hide one, a refusal shows that none is there. */
function clarity({ code }: ConnectFailure): number {
  return ['connect-failed', 'connect-timeout', 'version-mismatch', 'tls-failed'].indexOf(code);
}
