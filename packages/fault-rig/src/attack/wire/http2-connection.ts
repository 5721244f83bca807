import type { Attacker } from '../attacker/attacker.ts';
import { callHeaders } from './hpack.ts';
import {
  dataFrame,
  Flag,
  FrameType,
  frame,
  frameHeaderBytes,
  grpcMessage,
  headersFrame,
  preface,
  settingsFrame,
} from './http2-frame.ts';
import type { RawConnection } from './raw-connection.ts';

/** The behaviour of an attacker's HTTP/2 connection. */
interface Http2ConnectionOptions {
  /** The flow-control window of each response, in bytes: 65,535 by default. */
  readonly windowBytes?: number;
  /** False to read nothing from the server; true by default. */
  readonly reads?: boolean;
}

const defaultWindowBytes = 65_535;
const streamIdMax = 2 ** 31 - 1;
const concurrentStreamsSetting = 3;
const settingBytes = 6;

/** An HTTP/2 connection that sends any frames, also those that break a rule. */
export class Http2Connection {
  readonly #attacker: Attacker;
  readonly #connection: RawConnection;
  #lastStream = -1;
  #calls = 0;
  #callsAllowed = Number.POSITIVE_INFINITY;
  #unparsed: Buffer = Buffer.alloc(0);
  #onCallOver: (() => void) | undefined;
  readonly #limited = Promise.withResolvers<void>();

  private constructor(attacker: Attacker, connection: RawConnection) {
    this.#attacker = attacker;
    this.#connection = connection;
    // One listener for all calls: a race for each call would keep its promises in memory.
    const goOn = () => this.#onCallOver?.();
    void connection.closed.then(goOn);
    void attacker.over.then(goOn);
  }

  /** Connects and sends the preface. Resolves with undefined when the server does not accept it. */
  static async open(
    attacker: Attacker,
    { windowBytes = defaultWindowBytes, reads = true }: Http2ConnectionOptions = {},
  ): Promise<Http2Connection | undefined> {
    const raw = await attacker.connect('grpc');
    if (raw === undefined) return undefined;
    const connection = new Http2Connection(attacker, raw);
    if (reads) raw.read((bytes) => connection.#take(bytes));
    await raw.write(Buffer.concat([preface, settingsFrame(windowBytes)]));
    return connection;
  }

  get isOpen(): boolean {
    return this.#connection.isOpen && this.#lastStream < streamIdMax - 2;
  }

  /** Resolves when it is gone. */
  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  /** Resolves when the server has set the number of calls that it allows, or the connection is gone. */
  async limited(): Promise<void> {
    await Promise.race([this.#limited.promise, this.closed]);
  }

  /** The number of a stream that was never used. */
  nextStream(): number {
    this.#lastStream += 2;
    return this.#lastStream;
  }

  /** Resolves when more may be written, or the connection is gone. */
  async write(...frames: readonly Buffer[]): Promise<void> {
    await this.#connection.write(
      frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames),
    );
  }

  /** Makes a call of these frames. Returns its stream. */
  async callWith(frames: (stream: number) => readonly Buffer[]): Promise<number> {
    const stream = this.nextStream();
    this.#calls++;
    this.#attacker.count('calls');
    await this.write(...frames(stream));
    return stream;
  }

  /** Opens a call and sends nothing more. Returns its stream. */
  open(path: string, more?: Buffer): Promise<number> {
    return this.callWith((stream) => [headersFrame(stream, callHeaders(path, more))]);
  }

  /** Makes a call with one message; half-closes it unless it `stays`. Returns its stream. */
  call(path: string, message: Buffer, stays = false): Promise<number> {
    return this.callWith((stream) => [
      headersFrame(stream, callHeaders(path)),
      dataFrame(stream, grpcMessage(message), !stays),
    ]);
  }

  /** Resolves when fewer calls are open than `max` and than the server allows, or the connection is gone. */
  async callsBelow(max: number): Promise<void> {
    while (
      this.#calls >= Math.min(max, this.#callsAllowed) &&
      this.isOpen &&
      !this.#attacker.isOver
    ) {
      await new Promise<void>((resolve) => {
        this.#onCallOver = resolve;
      });
    }
  }

  reset(): void {
    this.#connection.reset();
  }

  /** Keeps only the bytes of a frame that is not complete. */
  #take(bytes: Buffer): void {
    let rest = this.#unparsed.length === 0 ? bytes : Buffer.concat([this.#unparsed, bytes]);
    while (rest.length >= frameHeaderBytes) {
      const end = frameHeaderBytes + rest.readUIntBE(0, 3);
      if (rest.length < end) break;
      this.#heard(rest.readUInt8(3), rest.readUInt8(4), rest.subarray(frameHeaderBytes, end));
      rest = rest.subarray(end);
    }
    this.#unparsed = rest;
  }

  #heard(type: number, flags: number, payload: Buffer): void {
    const ends = (flags & Flag.endStream) !== 0;
    if (type === FrameType.settings && !ends) {
      this.#obey(payload);
      void this.write(frame(FrameType.settings, Flag.acknowledge, 0));
    } else if (type === FrameType.ping && !ends) {
      void this.write(frame(FrameType.ping, Flag.acknowledge, 0, payload));
    } else if (type === FrameType.resetStream) {
      this.#callOver('calls reset by the server');
    } else if (type === FrameType.headers && ends) {
      this.#callOver('calls answered');
    } else if (type === FrameType.goaway) {
      this.#attacker.count(`GOAWAY ${payload.readUInt32BE(4)}`);
    }
  }

  /** Keeps to the server's limits, since a client that exceeds them is closed. */
  #obey(settings: Buffer): void {
    for (let at = 0; at + settingBytes <= settings.length; at += settingBytes) {
      if (settings.readUInt16BE(at) !== concurrentStreamsSetting) continue;
      this.#callsAllowed = settings.readUInt32BE(at + 2);
      this.#onCallOver?.();
      this.#limited.resolve();
    }
  }

  #callOver(how: string): void {
    this.#attacker.count(how);
    this.#calls--;
    this.#onCallOver?.();
  }
}

/** Keeps so many HTTP/2 connections: runs an action on each when it is up, and opens another after that. */
export function keepHttp2(
  attacker: Attacker,
  { times, ...options }: Http2ConnectionOptions & { readonly times: number },
  perform: (connection: Http2Connection, which: number) => Promise<unknown>,
): Promise<void> {
  return attacker.keep(times, async (which) => {
    const connection = await Http2Connection.open(attacker, options);
    if (connection === undefined) return undefined;
    await perform(connection, which);
    return true;
  });
}
