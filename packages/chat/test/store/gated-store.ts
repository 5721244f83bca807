import {
  type Credentials,
  MemoryStore,
  type Removal,
  type StoredMessage,
} from '../../src/index.ts';

/** The writes that a {@link GatedStore} can hold back. */
type Gated =
  | 'addAccount'
  | 'setCredentials'
  | 'setBlocked'
  | 'addMessage'
  | 'removeMessages'
  | 'readMessages';

/** A memory store whose calls a test can hold back, and let go or make fail. */
export class GatedStore extends MemoryStore {
  readonly #gates = new Map<Gated, PromiseWithResolvers<void>>();
  readonly #arrived = new Map<Gated, PromiseWithResolvers<void>>();

  /** Holds back calls of this kind from now on. Resolves when the first has come. */
  hold(kind: Gated): Promise<void> {
    this.#gates.set(kind, Promise.withResolvers());
    this.#arrived.set(kind, Promise.withResolvers());
    return (this.#arrived.get(kind) as PromiseWithResolvers<void>).promise;
  }

  /** Lets go what was held back, and holds no longer. */
  release(kind: Gated): void {
    this.#gates.get(kind)?.resolve();
    this.#gates.delete(kind);
  }

  /** Lets what is held back fail, and what comes later. */
  fail(kind: Gated): void {
    const gate = this.#gates.get(kind) ?? Promise.withResolvers<void>();
    this.#gates.set(kind, gate);
    gate.promise.catch(() => {});
    gate.reject(new Error('the disk is gone'));
  }

  override async addAccount(username: string): Promise<void> {
    await this.#pass('addAccount');
    return super.addAccount(username);
  }

  override async setCredentials(
    username: string,
    credentials: Credentials | undefined,
  ): Promise<void> {
    await this.#pass('setCredentials');
    return super.setCredentials(username, credentials);
  }

  override async setBlocked(): Promise<void> {
    await this.#pass('setBlocked');
  }

  override async addMessage(recipient: string, message: StoredMessage): Promise<void> {
    const written = super.addMessage(recipient, message);
    await this.#pass('addMessage');
    return written;
  }

  override removeMessages(recipient: string, throughId: number): Removal {
    const removal = super.removeMessages(recipient, throughId);
    const passed = this.#pass('removeMessages');
    return { gone: 0, durable: passed.then(() => removal.gone) };
  }

  override async readMessages(
    recipient: string,
    afterId: number,
    messagesMax: number,
  ): Promise<StoredMessage[]> {
    await this.#pass('readMessages');
    return super.readMessages(recipient, afterId, messagesMax);
  }

  async #pass(kind: Gated): Promise<void> {
    this.#arrived.get(kind)?.resolve();
    await this.#gates.get(kind)?.promise;
  }
}
