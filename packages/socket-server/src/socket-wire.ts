import type {
  ConversationEnd,
  FoundOutcome,
  NameList,
  Page,
  Receiver,
  Request,
  ResponseDetail,
  Wire,
} from '@tandem/chat';
import type { Message, Status } from '@tandem/core';
import type { Writer } from './writer.ts';

/** Runs the connection of a wire. */
export interface WireOwner {
  /** Reads from the socket, or does not. */
  read(wanted: boolean): void;
  /** Acknowledges `count` messages of the session, in a dialect whose clients do not. [P-7.5] */
  taken(count: number): void;
  /** Says goodbye; see {@link Wire.finish}. */
  finish(end: ConversationEnd, reason?: string): void;
  /** Ends the connection: the mailbox of its session cannot be read. */
  mailboxFailed(error: unknown): void;
  /** Closes the connection at once, for a reason that its log is told. */
  destroy(reason: string): void;
}

/** The way out of a wire. */
export type WireOutput = Pick<Writer, 'write' | 'drained' | 'blocked'>;

/**
 * One connection's requests and responses as bytes, in one dialect: framed or seed. It decodes what
 * was read, and encodes what is written, a long list page by page.
 */
export abstract class SocketWire implements Wire<Uint8Array>, Receiver {
  abstract readonly dialect: 'framed' | 'seed';
  /** The push that announces a shutdown; undefined in a dialect that has none. [P-6.9] [P-7.6] */
  abstract readonly shutdown: Uint8Array | undefined;
  /** Bytes of a request that is not complete. */
  abstract readonly bufferedBytes: number;
  protected readonly owner: WireOwner;
  protected readonly output: WireOutput;

  constructor(owner: WireOwner, output: WireOutput) {
    this.owner = owner;
    this.output = output;
  }

  /** Adds bytes, as one read returned them. */
  abstract receive(read: Buffer): void;
  abstract next(): Request | undefined;
  abstract status(status: Status, detail?: ResponseDetail): Uint8Array;
  abstract sendStatus(status: Status, toOneself: boolean): Uint8Array | undefined;
  abstract loginPage(page: Page<readonly Message[]>, unread: number): void;
  abstract searchPage(page: Page<NameList>, outcome: FoundOutcome): void;
  abstract push(message: Message): void;

  /** Counts messages whose bytes the kernel has accepted, in a dialect without acknowledgements. */
  accepted(_messages: number): void {}

  get blocked(): boolean {
    return this.output.blocked;
  }

  write(bytes: Uint8Array): void {
    this.output.write(bytes);
  }

  drained(): Promise<void> {
    return this.output.drained();
  }

  read(wanted: boolean): void {
    this.owner.read(wanted);
  }

  finish(end: ConversationEnd, reason?: string): void {
    this.owner.finish(end, reason);
  }

  mailboxFailed(error: unknown): void {
    this.owner.mailboxFailed(error);
  }

  dismissed(): void {
    this.owner.destroy('the operator ended its session');
  }

  resumedElsewhere(): void {
    this.owner.destroy('its session is resumed elsewhere');
  }

  /** Only a login's pages can fail, as they are read from the mailbox. */
  responseCutShort(error: unknown): void {
    this.owner.mailboxFailed(error);
  }
}
