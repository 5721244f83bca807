import { type BlockOutcome, type Refusal, Status, type TriesOutcome } from '@tandem/core';
import { makeToken, tokenHash } from '@tandem/identity';
import type { Origin } from '../../scheduling/fair-queue.ts';
import type { BackendIdentity } from '../../service/backend.ts';
import { blocksMax, type ChangeSecretResult } from '../../service/identity.ts';
import type { Secrets, Trier, WrongSecret } from '../../service/secrets.ts';
import type { Session } from '../../service/session.ts';
import type { Node } from './node.ts';

/** The secrets, tokens and blocks of accounts that are in PostgreSQL. */
export class PostgresIdentity implements BackendIdentity {
  readonly #node: Node;
  readonly #secrets: Secrets;
  readonly #tokenMs: number;

  /** @param tokenMs the time for which a token resumes a session, in milliseconds */
  constructor(node: Node, secrets: Secrets, tokenMs: number) {
    this.#node = node;
    this.#secrets = secrets;
    this.#tokenMs = tokenMs;
  }

  async trySecret(
    username: string,
    secret: string,
    asker: Trier,
  ): Promise<string | WrongSecret | TriesOutcome | { readonly status: Refusal }> {
    const phc = (await this.#secretOf(username, asker.origin)) ?? undefined;
    const refusal = await this.#secrets.try(username, secret, phc, asker);
    return refusal ?? phc ?? { status: Status.wrongSecret };
  }

  /** Returns the hash of a user's secret: null for no secret, undefined for no user. */
  async #secretOf(username: string, origin: Origin): Promise<string | null | undefined> {
    const [account] = await this.#node.read<{ secret: string | null }>(
      'secret',
      'SELECT secret FROM tandem.accounts WHERE username = $1',
      [username],
      { after: origin },
    );
    return account?.secret;
  }

  // It was given with the claim, in one write.
  giveToken(session: Session): Promise<string | undefined> {
    return Promise.resolve(session.ended ? undefined : this.#node.claimOf(session).token);
  }

  async forgetTokens(session: Session): Promise<void> {
    const claim = this.#node.claimOf(session);
    claim.over = true;
    const { username, number, origin } = claim;
    await this.#node.carryOut({ do: 'end', username, session: number, forget: true }, origin);
  }

  async changeSecret(
    session: Session,
    current: string,
    secret: string,
    asker: Trier,
  ): Promise<ChangeSecretResult> {
    const { username, number, origin } = this.#node.claimOf(session);
    const before = await this.#secretOf(username, origin);
    if (before !== undefined && (before === null) !== (current === '')) {
      return { status: Status.wrongCurrentSecret };
    }
    let known: string | undefined;
    if (current !== '') {
      const tried = await this.trySecret(username, current, asker);
      if (typeof tried !== 'string') {
        if (tried.status === Status.wrongSecret) return { status: Status.wrongCurrentSecret };
        return session.ended ? { status: Status.notLoggedIn } : tried;
      }
      known = tried;
    }
    const phc = secret === '' ? undefined : await this.#secrets.hash(secret, asker);
    if (session.ended) return { status: Status.notLoggedIn };
    if (typeof phc === 'number') return { status: phc };
    const token = phc === undefined ? undefined : makeToken();
    const step = {
      do: 'secret',
      username,
      session: number,
      known,
      secret: phc,
      token: token && tokenHash(token),
      tokenMs: this.#tokenMs,
    } as const;
    const [status] = await this.#node.carryOut(step, origin);
    if (status !== Status.secretChanged || token === undefined)
      return { status } as ChangeSecretResult;
    return { status, token };
  }

  async setBlocked(session: Session, name: string, blocked: boolean): Promise<BlockOutcome> {
    const { username, number, origin } = this.#node.claimOf(session);
    const operation = blocked ? 'block' : 'unblock';
    const step = { do: operation, username, session: number, name, max: blocksMax } as const;
    const [status] = await this.#node.carryOut(step, origin);
    return { status } as BlockOutcome;
  }
}
