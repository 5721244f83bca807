import type { Session } from './session.ts';

/** A user, as the running service knows them. */
export interface Account {
  readonly username: string;
  /** Messages in the mailbox: sent and not yet acknowledged. */
  unread: number;
  /** The one session that the user may have. [P-5.1] */
  session: Session | undefined;
}
