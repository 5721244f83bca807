/** One message of the server's log, with its level and count. */
interface LoggedMessage {
  readonly level: string;
  readonly message: string;
  readonly lines: number;
}

/** The lines that a server wrote to standard error. */
export interface LoggedLines {
  /** The log, by level and message, the most frequent first. */
  readonly messages: readonly LoggedMessage[];
  /** The first lines that are not lines of its log. */
  readonly foreign: readonly string[];
  readonly bytes: number;
}

const foreignMax = 10;
const foreignCharsMax = 300;

// Pino's numbers, for a log that does not name its levels.
const levelNames = new Map<unknown, string>([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info'],
  [40, 'warn'],
  [50, 'error'],
  [60, 'fatal'],
]);

/** Counts the lines of a server's log, and separates text that is not a log line. */
export class ServerLog {
  #counts = new Map<string, { level: string; message: string; lines: number }>();
  #foreign: string[] = [];
  #bytes = 0;
  #unfinished = '';
  #operatorPort: number | undefined;

  /** Takes the next piece of standard error. */
  write(text: string): void {
    this.#bytes += text.length;
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  /** The port for the server's operator; undefined when the log names none. */
  get operatorPort(): number | undefined {
    return this.#operatorPort;
  }

  /** Returns the lines since the last call. An incomplete line comes with the next call. */
  take(): LoggedLines {
    const messages = [...this.#counts.values()].sort((a, b) => b.lines - a.lines);
    const taken = { messages, foreign: this.#foreign, bytes: this.#bytes };
    this.#counts = new Map();
    this.#foreign = [];
    this.#bytes = 0;
    return taken;
  }

  #line(line: string): void {
    const entry = parse(line);
    if (entry === undefined) {
      if (this.#foreign.length < foreignMax) this.#foreign.push(line.slice(0, foreignCharsMax));
      return;
    }
    if (entry.message === 'serving the operator') this.#operatorPort = entry.port;
    const key = `${entry.level} ${entry.message}`;
    const counted = this.#counts.get(key) ?? {
      level: entry.level,
      message: entry.message,
      lines: 0,
    };
    counted.lines++;
    this.#counts.set(key, counted);
  }
}

function parse(line: string): { level: string; message: string; port?: number } | undefined {
  try {
    const { level, msg, port } = JSON.parse(line);
    if (typeof msg !== 'string' || level === undefined) return undefined;
    return { level: levelNames.get(level) ?? String(level), message: msg, port };
  } catch {
    return undefined;
  }
}
