import { Operation, type Status } from '../rules/codes.ts';
import { beginsSession, endsSession } from '../rules/outcomes.ts';

type SessionOperation = typeof Operation.login | typeof Operation.logout | typeof Operation.delete;

interface SessionRequest {
  readonly operation: SessionOperation;
  readonly username: string;
}

/**
 * The session of a connection, as a client knows it: the user that the responses so far leave logged
 * in, and the user that will be logged in when the pending requests succeed. The next request is sent
 * in the name of the latter. [P-5.1] [P-6.6]
 */
export class SessionView {
  readonly #underWay: SessionRequest[] = [];
  #username = '';
  #speaker = '';
  #endings = 0;

  /** The user whose session the responses so far leave; empty for nobody. */
  get username(): string {
    return this.#username;
  }

  /** Tells if the responses so far leave a session. */
  get active(): boolean {
    return this.#username !== '';
  }

  /** Tells if a logout or a delete is pending, so that the session may be over already. */
  get ending(): boolean {
    return this.#endings > 0;
  }

  /** The user in whose name the next request is sent; empty when there is no session and no login pending. */
  get speaker(): string {
    return this.#speaker;
  }

  /** Counts a request that was sent. */
  requested(operation: SessionOperation, username: string): void {
    this.#underWay.push({ operation, username });
    this.#recount();
  }

  /** Takes the status of the oldest pending request. A login that did not succeed leaves no session. */
  responded(status: Status): void {
    const request = this.#underWay.shift();
    if (request?.operation !== Operation.login) {
      if (endsSession(status)) this.#username = '';
    } else if (beginsSession(status)) {
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
