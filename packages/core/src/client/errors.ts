/**
 * What can break a transport, as a stable code:
 *
 * - `connect-failed`: nobody listens there, or the name or the network failed
 * - `connect-timeout`: no connection, or no version byte, in time
 * - `version-mismatch`: the other side speaks another version, or is no Tandem server
 * - `connection-lost`: the connection ended though nobody asked for it
 * - `response-timeout`: the server owes an answer and has said nothing for too long
 * - `server-busy`: the server takes no more connections
 * - `server-stopped`: the server said that it is shutting down
 * - `protocol-error`: the other side said what the protocol does not allow
 * - `closed`: the client was closed on this side
 */
export type ChatErrorCode =
  | 'connect-failed'
  | 'connect-timeout'
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

/** Why there is no connection to a server, in parts from which the message is made. */
export interface ConnectFailure {
  readonly code: ChatErrorCode;
  /** What happened: a clause that needs no more than the name of the address. */
  readonly reason: string;
  /** What to look at, as a question. */
  readonly advice: string;
  readonly cause?: unknown;
}

/** A connection that did not come about, at one address or at any. */
export class ConnectError extends ChatError {
  readonly failure: ConnectFailure;

  /** @param server the server, as its user named it and by its address */
  constructor(server: string, failure: ConnectFailure) {
    const { code, reason, advice, cause } = failure;
    super(code, `cannot connect to ${server}: ${reason}; ${advice}`, { cause });
    this.failure = failure;
  }
}

/** What the network said, in words. */
const networkFailures: Readonly<Record<string, readonly [reason: string, advice: string]>> = {
  ECONNREFUSED: ['nobody listens there', 'is the server running?'],
  ECONNRESET: ['it reset the connection before it had said what it speaks', ''],
  EPIPE: ['it ended the connection before it had said what it speaks', ''],
  ETIMEDOUT: ['it did not answer', 'is the address right, and no firewall between?'],
  EHOSTUNREACH: ['no way leads there', 'is the address right, and the network up?'],
  EHOSTDOWN: ['that machine is down', 'is the address right?'],
  ENETUNREACH: ['no way leads there', 'is the address right, and the network up?'],
  ENETDOWN: ['the network is down', 'is the network up?'],
  EADDRNOTAVAIL: ['this machine cannot connect to such an address', 'is the address right?'],
  EACCES: ['this machine does not allow it', 'does a firewall forbid it?'],
  EPERM: ['this machine does not allow it', 'does a firewall forbid it?'],
  EINVAL: ['that address needs its interface', 'is it meant like fe80::1%eth0?'],
  EMFILE: ['this process has too many files open', 'can some be closed?'],
  ENFILE: ['this machine has too many files open', 'can some be closed?'],
  ENOTFOUND: ['there is no such host', 'is the name right?'],
  EAI_AGAIN: ['the name could not be looked up', 'is the network up?'],
};

/**
 * Returns what an error of the network says in words.
 *
 * @param said the error's own text; the code is taken from it
 * @param isItTandem the question for where somebody else seems to listen
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

/** Names each address of a host that was tried in vain, and why. The code is that of the clearest failure. */
export function failureOfAll(
  failures: readonly (readonly [address: string, ConnectFailure])[],
): ConnectFailure {
  const addressesOf = new Map<string, string[]>();
  for (const [address, { reason }] of failures) {
    addressesOf.set(reason, [...(addressesOf.get(reason) ?? []), address]);
  }
  const reasons = [...addressesOf].map(([reason, at]) => `at ${inWords(at)}, ${reason}`);
  const all = failures.map(([, failure]) => failure);
  const [clearest] = all.toSorted((one, other) => clarity(other) - clarity(one));
  return {
    code: clearest?.code ?? 'connect-failed',
    reason: reasons.join('; '),
    advice: clearest?.advice ?? '',
    cause: new AggregateError(all.map(({ cause }) => cause)),
  };
}

/** Who speaks another protocol is there; who is silent may be; who refused is not. */
function clarity({ code }: ConnectFailure): number {
  return ['connect-failed', 'connect-timeout', 'version-mismatch'].indexOf(code);
}

function inWords(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}
