import { ChatError, ConnectionFailures, framedVersion, isFramedVersion } from '@tandem/core';

/** The errors of this transport, in words that say what to do. */
export class Failures extends ConnectionFailures {
  connectFailed(cause: unknown): ChatError {
    const message = `cannot connect to ${this.server}: ${reasonOf(cause)}`;
    return new ChatError('connect-failed', message, { cause });
  }

  connectTimeout(timeoutMs: number, tcpConnected: boolean): ChatError {
    const message = tcpConnected
      ? `${this.server} accepted the connection but said no version within ${timeoutMs} ms; ${isItTandem}`
      : `${this.server} did not accept a connection within ${timeoutMs} ms; is the address right, and no firewall between?`;
    return new ChatError('connect-timeout', message);
  }

  /** The first byte is not our version: another one, or another program's greeting. [P-6.1] */
  versionMismatch(firstByte: number): ChatError {
    const message = isFramedVersion(firstByte)
      ? `${this.server} speaks version ${firstByte & 0x7f}, this client version ${framedVersion & 0x7f}; update the older of the two`
      : `${this.server} began with byte ${firstByte}, which is no version; ${isItTandem}`;
    return new ChatError('version-mismatch', message);
  }

  lostBeforeVersion(cause: Error | undefined): ChatError {
    const message = `${this.server} ended the connection without saying its version; ${isItTandem}`;
    return new ChatError('connection-lost', message, { cause });
  }

  lost(insideFrame: boolean, cause: Error | undefined): ChatError {
    const where = insideFrame ? ' in the middle of a response' : '';
    const why = cause === undefined ? '' : ` (${codeOf(cause) ?? cause.message})`;
    const message = `${this.server} ended the connection${where}${why}; connect and log in again`;
    return new ChatError('connection-lost', message, { cause });
  }

  serverBusy(): ChatError {
    const message = `${this.server} takes no more connections at the moment; try again later`;
    return new ChatError('server-busy', message);
  }

  /** @param what what the server did, to follow its address */
  protocolError(what: string): ChatError {
    return new ChatError('protocol-error', `${this.server} ${what}; ${isItTandem}`);
  }
}

const isItTandem = 'is this a Tandem socket server?';

function reasonOf(cause: unknown): string {
  switch (codeOf(cause)) {
    case 'ECONNREFUSED':
      return 'nobody listens there; is the server running? (ECONNREFUSED)';
    case 'ENOTFOUND':
      return 'no such host; is the name right? (ENOTFOUND)';
    case 'EAI_AGAIN':
      return 'the name could not be looked up; is the network up? (EAI_AGAIN)';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}

function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
