import type { ChatError } from '../errors.ts';
import { Fifo } from '../fifo.ts';
import { hasContent } from '../framed/response.ts';
import type { Operation } from '../operation.ts';
import type { Status } from '../status.ts';
import { type AnswerContent, canAnswer, conclude, isPage, type Outcome } from './answer.ts';
import type { ExchangeListener } from './exchange.ts';
import { PendingRequest } from './pending-request.ts';
import { ResponseTimer } from './response-timer.ts';

/**
 * The requests of a connection whose answers come in the order of the requests: the oldest is whose
 * an answer is. [P-6.6]
 *
 * The queue is as long as the requests that the caller has under way, each a promise in its hand.
 */
export class AnswerQueue {
  readonly #listener: ExchangeListener;
  readonly #pending = new Fifo<PendingRequest>();
  readonly #timer: ResponseTimer;

  /** @param onTimeout called when an answer has been owed, and nothing heard, for `timeoutMs` */
  constructor(listener: ExchangeListener, timeoutMs: number, onTimeout: () => void) {
    this.#listener = listener;
    this.#timer = new ResponseTimer(timeoutMs, () => this.#pending.length > 0, onTimeout);
  }

  /** How many requests wait for their answers. */
  get length(): number {
    return this.#pending.length;
  }

  /** The operation of the oldest request. */
  get oldest(): Operation | undefined {
    return this.#pending.peek()?.operation;
  }

  /** A request is about to be sent; resolves with its answer. */
  push(operation: Operation): Promise<Outcome> {
    const request = new PendingRequest(operation);
    if (this.#pending.length === 0) this.#timer.start();
    this.#pending.push(request);
    return request.promise;
  }

  /** Something was heard from the server. */
  heard(): void {
    this.#timer.heard();
  }

  /**
   * Takes an answer, or a page of one, for the oldest request.
   *
   * @param content undefined when there is none
   * @param bytes what the content weighs
   * @returns false when it cannot be its answer: another operation's, or pages that break off or
   * never end. [P-3.2] [P-6.4]
   */
  answer(status: Status, content: AnswerContent | undefined, bytes: number): boolean {
    const request = this.#pending.peek();
    if (request === undefined || !fits(request, status)) return false;
    if (content !== undefined && !request.addPage(content, bytes)) return false;
    if (isPage(status)) return true;
    this.#pending.shift();
    request.resolve(conclude(request.operation, status, request.content, this.#listener));
    return true;
  }

  /** The connection is over: rejects what waits. */
  end(error: ChatError): void {
    this.#timer.stop();
    for (let request = this.#pending.shift(); request; request = this.#pending.shift()) {
      request.reject(error);
    }
  }
}

/** Whether `status` can answer the request: it is the operation's own, and pages end as pages. [P-6.3] [P-6.4] */
function fits(request: PendingRequest, status: Status): boolean {
  return canAnswer(request.operation, status) && (!request.paged || hasContent(status));
}
