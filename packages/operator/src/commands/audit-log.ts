import { closeSync, constants, fsyncSync, openSync, writeSync } from 'node:fs';

/** An operator's command and its outcome, without secrets. */
export interface AuditEntry {
  readonly command: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The way in: the socket in the data directory, or the port. */
  readonly via: 'socket' | 'port';
  /** The name that the operator's program says its user has; the operating system does not vouch for it. */
  readonly user: string;
  /** `begun` before a command changes anything, then what it came to. */
  readonly outcome: 'begun' | 'done' | 'refused' | 'failed';
  /** The reason of a refusal or a failure. */
  readonly reason?: string;
}

/** A log of an operator's commands, a line of JSON each, on the disk when `write` returns. */
export class AuditLog {
  readonly #path: string | undefined;
  readonly #tell: (entry: AuditEntry) => void;

  /**
   * @param path where it is kept; undefined for nowhere, and then `tell` alone gets it
   * @param tell gets each entry, for the log of the server
   */
  constructor(path: string | undefined, tell: (entry: AuditEntry) => void) {
    this.#path = path;
    this.#tell = tell;
  }

  /** Adds an entry. Throws the error of the operating system when it cannot be written. */
  write(entry: AuditEntry): void {
    this.#tell(entry);
    if (this.#path === undefined) return;
    // Opened each time: whoever rotates it moves it away, and the next entry makes it anew.
    const file = openSync(this.#path, flags, 0o600);
    try {
      writeSync(file, `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

// Not through a symbolic link, and not waiting for the reader of a pipe.
const flags =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_NOFOLLOW |
  constants.O_NONBLOCK;
