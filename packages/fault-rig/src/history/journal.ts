import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { HistoryEvent } from './event.ts';

/**
 * A file to which a process writes its events. Each write is done when it returns, so the
 * event stays even if the process is killed in the next moment.
 */
export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  write(event: HistoryEvent): void {
    writeSync(this.#file, `${JSON.stringify(event)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Reads a journal. An incomplete last line means that its process was killed. */
export function readJournal(path: string): HistoryEvent[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop();
  return lines.map((line) => JSON.parse(line));
}
