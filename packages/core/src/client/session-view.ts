import { Operation, Status } from '../rules/codes.ts';
import { endsSession } from '../rules/outcomes.ts';

type SessionOperation = typeof Operation.login | typeof Operation.logout | typeof Operation.delete;

interface SessionRequest {
  readonly operation: SessionOperation;
  readonly username: string;
}

/**
 * Whose session a connection carries, as far as the answers tell, and whose it will carry when
 * the requests under way are answered as one would expect: for it is the latter in whose name the
 * next request speaks. [P-5.1] [P-6.6]
 */
export class SessionView {
  readonly #underWay: SessionRequest[] = [];
  #username = '';
  #speaker = '';
  #endings = 0;

  /** Whether the answers so far leave a session. */
  get active(): boolean {
    return this.#username !== '';
  }

  /** Whether a logout or delete is under way, so that the session may already be over. */
  get ending(): boolean {
    return this.#endings > 0;
  }

  /** The user in whose name the next request speaks; empty when there is no session and none under way. */
  get speaker(): string {
    return this.#speaker;
  }

  /** A request was sent. */
  requested(operation: SessionOperation, username: string): void {
    this.#underWay.push({ operation, username });
    this.#recount();
  }

  /** The oldest request under way was answered. A login that did not succeed leaves no session. */
  answered(status: Status): void {
    const request = this.#underWay.shift();
    if (request?.operation !== Operation.login) {
      if (endsSession(status)) this.#username = '';
    } else if (status === Status.loggedIn || status === Status.loggedInUnread) {
      this.#username = request.username;
    }
    this.#recount();
  }

  #recount(): void {
    this.#speaker = this.#username;
    this.#endings = 0;
    for (const { operation, username } of this.#underWay) {
      if (operation !== Operation.login) {
        this.#endings++;
        this.#speaker = '';
      } else if (this.#speaker === '') {
        this.#speaker = username;
      }
    }
  }
}
