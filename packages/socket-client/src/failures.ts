import {
  ChatError,
  ConnectionFailures,
  framedVersion,
  isFramedVersion,
  type Place,
} from '@tandem/core';

/** The errors of the socket transport. */
export class Failures extends ConnectionFailures {
  constructor(place: Place) {
    super(place, 'socket');
  }

  /** Returns the error of first bytes that are not our version: another version, or another program. [P-6.1] */
  versionMismatch(begin: Uint8Array): ChatError {
    const [firstByte = 0] = begin;
    if (isTlsRecord(begin)) return this.needsTls();
    if (!isFramedVersion(firstByte)) return this.otherProtocol(programThatSays(begin));
    const message = `${this.server} speaks version ${firstByte & 0x7f}, this client version ${framedVersion & 0x7f}; update the older of the two`;
    return new ChatError('version-mismatch', message);
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
}

/** Tells if these bytes begin an alert or another record of TLS. [RFC 8446, 5.1] */
function isTlsRecord([first = 0, second]: Uint8Array): boolean {
  return first >= 20 && first <= 23 && second === 3;
}

/** Names the program that probably sent these first bytes. */
function programThatSays(begin: Uint8Array): string {
  const [first = 0, , , type] = begin;
  // A SETTINGS frame. [RFC 9113, 3.4]
  if (first === 0 && type === 4) return 'HTTP/2, as gRPC does';
  const text = String.fromCharCode(...begin.subarray(0, 24));
  if (text.startsWith('HTTP/')) return 'HTTP';
  const words = /^[ -~]{3,}/.exec(text)?.[0];
  return words === undefined ? `its first byte is ${first}` : `it begins with "${words}"`;
}

function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
