import type { Target } from '../lane.ts';
import type { BrokerConnection } from './client.ts';
import { BrokerSocket } from './socket.ts';

const carriageReturn = 0x0d;
const lineEndBytes = 2;
const options = '{"verbose":false,"pedantic":false,"lang":"node","version":"1","protocol":1}';

/** Takes a message, and the subject for its response; empty if it wants none. */
type Taken = (body: string, replyTo: string) => void;

/** NATS without its streams: a message goes to whoever listens, and nobody answers. */
export class NatsConnection extends BrokerSocket<'PONG' | 'reply'> implements BrokerConnection {
  readonly #taken = new Map<string, Taken>();

  static async open(target: Target): Promise<NatsConnection> {
    const connection = new NatsConnection(target);
    await connection.begin();
    return connection;
  }

  publish(to: string, body: string): Promise<void> {
    this.send(to, '', body);
    return Promise.resolve();
  }

  take(user: string, taken: (body: string) => void): Promise<void> {
    return this.subscribe(user, taken);
  }

  protected async begin(): Promise<void> {
    await this.connected();
    await this.#ask(`CONNECT ${options}`);
  }

  protected send(subject: string, replyTo: string, body: string): void {
    const line = `PUB ${subject} ${replyTo} ${body.length}\r\n${body}\r\n`;
    this.write(Buffer.from(line, 'latin1'));
  }

  /** Resolves when the broker knows of it. */
  protected subscribe(subject: string, taken: Taken): Promise<void> {
    const id = `${this.#taken.size + 1}`;
    this.#taken.set(id, taken);
    return this.#ask(`SUB ${subject} ${id}`);
  }

  protected next(): boolean {
    const { buffer } = this;
    let lineBytes = 0;
    while (lineBytes < buffer.length && buffer.byteAt(lineBytes) !== carriageReturn) lineBytes++;
    const bodyAt = lineBytes + lineEndBytes;
    if (buffer.length < bodyAt) return false;
    const line = buffer.textAt(0, lineBytes);
    if (!line.startsWith('MSG ')) {
      buffer.consume(bodyAt);
      this.#told(line);
      return true;
    }
    const [, , id = '', third = '', fourth] = line.split(' ');
    const bytes = Number(fourth ?? third);
    if (buffer.length < bodyAt + bytes + lineEndBytes) return false;
    const body = buffer.textAt(bodyAt, bytes);
    buffer.consume(bodyAt + bytes + lineEndBytes);
    this.#taken.get(id)?.(body, fourth === undefined ? '' : third);
    return true;
  }

  #told(line: string): void {
    if (line === 'PING') this.write(Buffer.from('PONG\r\n'));
    else if (line === 'PONG' && this.pending.expected === 'PONG') this.pending.completed();
    else if (!line.startsWith('INFO ')) this.broken(`the broker says: ${line}`);
  }

  /** Writes a line, and a PING behind it. Resolves with the response to that: the broker has both then. */
  #ask(line: string): Promise<void> {
    return this.pending.start('PONG', () => this.write(Buffer.from(`${line}\r\nPING\r\n`)));
  }
}
