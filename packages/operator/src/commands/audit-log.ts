import { closeSync, constants, fstatSync, fsyncSync, readSync, writeFileSync } from 'node:fs';
import { openRegularFile, syncNameOf } from './regular-file.ts';

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

const { O_RDWR, O_APPEND, O_CREAT } = constants;

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
    const file = openRegularFile(this.#path, O_RDWR | O_APPEND | O_CREAT);
    try {
      const { size } = fstatSync(file);
      const line = JSON.stringify({ time: new Date().toISOString(), ...entry });
      writeFileSync(file, `${endsWithinLine(file, size) ? '\n' : ''}${line}\n`);
      fsyncSync(file);
      if (size === 0) syncNameOf(this.#path);
    } finally {
      closeSync(file);
    }
  }
}

/** Tells if the last entry was cut short, as by a full disk: the next one is a line of its own all the same. */
function endsWithinLine(file: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
}
