import type { Socket } from 'node:net';
import type { ChatService, Peer, Receiver } from '@tandem/chat';
import {
  framedVersion,
  isFramedVersion,
  type Message,
  Operation,
  parseAcknowledgement,
  Status,
} from '@tandem/core';
import type { Logger } from 'pino';
import { answer } from './answer.ts';
import { Answers, type AnswersOwner } from './answers.ts';
import type { Dialect, Request } from './dialect.ts';
import { FramedDialect } from './framed-dialect.ts';
import type { SocketServerLimits } from './options.ts';
import type { Pacer } from './pacer.ts';
import { SeedDialect } from './seed-dialect.ts';
import { deliverEvents, type SocketEvents } from './socket-events.ts';
import { Writer, type WriterOwner } from './writer.ts';

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly socket: Socket;
  readonly service: ChatService;
  readonly limits: SocketServerLimits;
  readonly logger: Logger;
  /** One for all connections. */
  readonly pacer: Pacer;
}

/**
 * - `greeting`: not one byte has come, so the dialect is not known
 * - `open`: requests are read and answered
 * - `stopping`: nothing more is read; what was read is answered, then `lingering`
 * - `closing`: nothing more is decoded; the answers owed are written, then `lingering`
 * - `lingering`: everything is said; what still comes is thrown away until the client closes too,
 *   because closing on unread bytes would reset the connection and take our last answer with it
 * - `closed`: gone
 */
type State = 'greeting' | 'open' | 'stopping' | 'closing' | 'lingering' | 'closed';

// A turn of the event loop serves one client at most so many requests, then others come in.
const requestsPerTurnMax = 256;

// Answers that wait for the store. A client that asks faster is not read from.
const answersOwedMax = 1_024;

// A list up to so long is made as fast as any other answer, and need not wait its turn.
const shortListMax = 64;

const lingerMs = 1_000;

/**
 * One client's connection: bytes in, chat operations, bytes out.
 *
 * Reading stops whenever the client does not read its answers, is owed too many of them, or has a
 * long answer (a login's mailbox, a search's names) under way; so what a client can make the server
 * hold is bounded whatever it sends.
 */
export class Connection implements Receiver, SocketEvents, AnswersOwner, WriterOwner {
  readonly #socket: Socket;
  readonly #limits: SocketServerLimits;
  readonly #logger: Logger;
  readonly #pacer: Pacer;
  readonly #peer: Peer;
  readonly #writer: Writer;
  readonly #answers: Answers;
  #dialect: Dialect | undefined;
  #state: State = 'greeting';
  #reading = true;
  #inputEnded = false;
  /** Whether a long answer is under way. */
  #busy = false;
  #requestsLeft = requestsPerTurnMax;
  #nextTurnAwaited = false;
  #lingerTimer: NodeJS.Timeout | undefined;
  #receivedAt = performance.now();
  /** Bytes that the kernel had accepted when it was last seen to accept any, and when that was. */
  #acceptedBytes = -1;
  #acceptedAt = 0;
  /** Chat messages that the kernel accepted, for a dialect without acknowledgements. */
  #messagesAccepted = 0;
  /** How many of them belong to the sessions before this one. */
  #messagesBefore = 0;

  constructor({ socket, service, limits, logger, pacer }: ConnectionOptions) {
    this.#socket = socket;
    this.#limits = limits;
    this.#logger = logger;
    this.#pacer = pacer;
    this.#peer = service.connect(this);
    this.#writer = new Writer(socket, this, pacer);
    this.#answers = new Answers(this);
    deliverEvents(socket, this);
  }

  /** The server shuts down: says so, answers what was read, and closes. [P-6.9] */
  stop(): void {
    if (this.#state === 'greeting') this.#finish();
    if (this.#state !== 'open') return;
    this.#state = 'stopping';
    if (this.#dialect?.shutdown !== undefined) this.#writer.write(this.#dialect.shutdown);
    this.#work();
  }

  receive(chunk: Buffer): void {
    if (this.#state === 'greeting') this.#greet(chunk);
    else if (this.#state === 'open') this.#dialect?.push(chunk);
    else return;
    this.#receivedAt = performance.now();
    this.#requestsLeft = requestsPerTurnMax;
    this.#work();
  }

  /** What was asked before is still answered. [P-6.8] */
  endInput(): void {
    this.#inputEnded = true;
    if (this.#state === 'greeting') this.#finish();
    else this.#work();
  }

  drain(): void {
    this.#writer.drain();
    this.#work();
  }

  failed(error: Error): void {
    this.#log('connection failed', { reason: error.message });
  }

  closed(): void {
    this.#state = 'closed';
    clearTimeout(this.#lingerTimer);
    this.#peer.end();
    this.#writer.close();
  }

  /** Closes if the client has not read, or before a login not spoken, for too long by now. */
  dropIfSilent(now: number): void {
    if (this.#writer.waiting) this.#dropIfNotReading(now);
    else if (this.#peer.username === undefined && !this.#busy) this.#dropIfIdle(now);
  }

  /** Closes at once, whatever is owed. */
  destroy(reason: string): void {
    if (this.#state === 'closed') return;
    this.#log('connection dropped', { reason });
    this.#socket.destroy();
    this.closed();
  }

  push(message: Message): void {
    if (this.#dialect === undefined || this.#state === 'closed') return;
    const counted = this.#dialect.takenWhenAccepted ? 1 : 0;
    this.#writer.write(this.#dialect.incoming(message), counted);
  }

  fail(error: unknown): void {
    if (this.#state === 'closed') return;
    this.#logger.error({ err: error }, 'a mailbox could not be read');
    this.destroy('its mailbox could not be read');
  }

  answered(bytes: Uint8Array): void {
    this.#writer.write(bytes);
  }

  owesLess(): void {
    if (!this.#reading) this.#work();
  }

  waits(): void {
    this.#work();
  }

  accepted(messages: number): void {
    this.#messagesAccepted += messages;
    const taken = this.#messagesAccepted - this.#messagesBefore;
    if (taken > 0) this.#peer.acknowledge(taken);
  }

  /** The first byte says which dialect the client speaks. [P-6.1] */
  #greet(chunk: Buffer): void {
    const firstByte = chunk[0] as number;
    if (!isFramedVersion(firstByte)) {
      this.#state = 'open';
      this.#dialect = new SeedDialect();
      this.#dialect.push(chunk);
      return;
    }
    this.#dialect = new FramedDialect();
    this.#writer.write(this.#dialect.greeting as Uint8Array);
    if (firstByte === framedVersion) {
      this.#state = 'open';
      this.#dialect.push(chunk.subarray(1));
    } else {
      this.#log('client speaks another version', { version: firstByte });
      this.#state = 'closing';
    }
  }

  /** Takes requests while it may, then settles whether to read on, to wait, or to say goodbye. */
  #work(): void {
    let outOfRequests = false;
    while (this.#mayTake()) {
      const request = this.#dialect?.next();
      outOfRequests = request === undefined;
      if (request === undefined) break;
      this.#requestsLeft--;
      this.#take(request);
    }
    if (this.#requestsLeft === 0) this.#workNextTurn();
    this.#read(this.#mayTake() && this.#state === 'open' && !this.#inputEnded);
    if (this.#answers.length > 0 || this.#busy) return;
    const allTaken = outOfRequests && (this.#inputEnded || this.#state === 'stopping');
    if (allTaken || this.#state === 'closing') this.#finish();
  }

  #mayTake(): boolean {
    return (
      (this.#state === 'open' || this.#state === 'stopping') &&
      !this.#busy &&
      this.#requestsLeft > 0 &&
      this.#answers.length < answersOwedMax &&
      !this.#writer.blocked
    );
  }

  #workNextTurn(): void {
    if (this.#nextTurnAwaited) return;
    this.#nextTurnAwaited = true;
    setImmediate(() => {
      this.#nextTurnAwaited = false;
      this.#requestsLeft = requestsPerTurnMax;
      this.#work();
    });
  }

  #take(request: Request): void {
    if (request.kind === 'oversized') {
      this.#refuse('a request longer than its operation needs');
    } else if (request.kind === 'unknown-operation') {
      this.#answerStatus(Status.badOperation);
    } else if (request.operation === Operation.acknowledge) {
      this.#acknowledge(request.content);
    } else if (request.operation === Operation.login) {
      this.#answerAtLength(this.#login(request.content));
    } else if (request.operation === Operation.search) {
      this.#answerAtLength(this.#search(request.content));
    } else {
      this.#answers.add(answer(this.#peer, this.#dialect as Dialect, request));
    }
  }

  /** An acknowledgement has no answer, unless it is false. [P-5.2] */
  #acknowledge(content: string): void {
    if (this.#peer.username === undefined) return;
    const count = parseAcknowledgement(content);
    if (count === undefined || !this.#peer.acknowledge(count)) {
      this.#peer.end();
      this.#refuse('a false acknowledgement');
    }
  }

  async #login(username: string): Promise<void> {
    const login = this.#peer.login(username);
    await this.#answers.whenEmpty();
    const result = await login;
    if ('session' in result && result.session.unread > shortListMax) await this.#writer.drained();
    if ('session' in result) this.#messagesBefore = this.#writer.messagesWritten;
    await this.#dialect?.login(result, this.#writer);
    if ('session' in result) result.session.goLive();
  }

  async #search(query: string): Promise<void> {
    const search = query.includes('*')
      ? this.#pacer.run(() => this.#peer.search(query))
      : this.#peer.search(query);
    await this.#answers.whenEmpty();
    const outcome = await search;
    const long = 'usernames' in outcome && outcome.usernames.length > shortListMax;
    if (long) await this.#writer.drained();
    await this.#dialect?.search(outcome, this.#writer);
  }

  /** Takes no other request until this answer is written, however long it is. */
  #answerAtLength(written: Promise<void>): void {
    this.#busy = true;
    void written
      .catch((error: unknown) => this.fail(error))
      .then(() => {
        this.#busy = false;
        this.#work();
      });
  }

  #answerStatus(status: Status): void {
    this.#answers.add(Promise.resolve(this.#dialect?.status(status)));
  }

  /** Answers 126 after what was asked before, and closes. [P-6.5] */
  #refuse(reason: string): void {
    this.#log('client broke the protocol', { reason });
    this.#answerStatus(Status.badOperation);
    this.#state = 'closing';
  }

  #read(wanted: boolean): void {
    if (wanted === this.#reading || this.#state === 'lingering' || this.#state === 'closed') return;
    this.#reading = wanted;
    if (wanted) this.#socket.resume();
    else this.#socket.pause();
  }

  /** Everything is said: ends our side, and waits a little for the client to end its own. [P-6.8] */
  #finish(): void {
    if (this.#state === 'lingering' || this.#state === 'closed') return;
    const waiting = this.#dialect?.bufferedBytes ?? 0;
    if (this.#inputEnded && waiting > 0) this.#log('client left inside a request', { waiting });
    this.#state = 'lingering';
    this.#peer.end();
    this.#writer.flush();
    this.#socket.end(() => this.#linger());
    this.#socket.resume();
  }

  #linger(): void {
    if (this.#state === 'closed') return;
    this.#lingerTimer = setTimeout(() => this.#socket.destroy(), lingerMs).unref();
  }

  /** What it says meanwhile does not count: only the kernel's word that bytes have left. [P-5.1] */
  #dropIfNotReading(now: number): void {
    if (this.#writer.acceptedBytes !== this.#acceptedBytes) {
      this.#acceptedBytes = this.#writer.acceptedBytes;
      this.#acceptedAt = now;
    } else if (now - this.#acceptedAt >= this.#limits.drainTimeoutMs) {
      this.destroy('it does not read what it is sent');
    }
  }

  /** [P-6.10] */
  #dropIfIdle(now: number): void {
    if (now - this.#receivedAt >= this.#limits.idleBeforeLoginMs) this.destroy('it said nothing');
  }

  #log(what: string, details: object): void {
    const { remoteAddress, remotePort } = this.#socket;
    this.#logger.debug({ remoteAddress, remotePort, ...details }, what);
  }
}
