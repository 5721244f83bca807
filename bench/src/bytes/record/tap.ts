import { type ArrivedChunk, TcpProxy, type Traffic } from '@tandem/proxy';

// Nothing announces the last byte of an operation. An acknowledgement or a control frame of HTTP/2
// may follow a response, and it leaves when its sender has the time. So this is the one place where the
// lab waits for time to pass. The wire is quiet when nothing has crossed for so long and for so many
// turns of the event loop: client, tap and server are in this process, and none of them
// waits for a timer before it writes. Turns count because a process that did not get the
// processor for a while has seen time pass without any work.
const quietMs = 10;
const quietTurns = 10;

/** A proxy that records bytes on their way, in the order in which they cross. */
export class WireTap {
  readonly #proxy: TcpProxy;
  readonly #recorded: ArrivedChunk[];

  private constructor(proxy: TcpProxy, recorded: ArrivedChunk[]) {
    this.#proxy = proxy;
    this.#recorded = recorded;
  }

  /** Opens a tap before a server, on a free port of its host. */
  static async open(host: string, port: number): Promise<WireTap> {
    const recorded: ArrivedChunk[] = [];
    const onBytes = (chunk: ArrivedChunk) => recorded.push(chunk);
    return new WireTap(await TcpProxy.open({ host, port, onBytes }), recorded);
  }

  get host(): string {
    return this.#proxy.host;
  }

  get port(): number {
    return this.#proxy.port;
  }

  /** The bytes that have crossed so far, as the proxy counted them. */
  get traffic(): Traffic {
    return this.#proxy.traffic;
  }

  /** The ports of each open connection, by its number. */
  get ports(): TcpProxy['ports'] {
    return this.#proxy.ports;
  }

  /** The number of chunks that are recorded and not taken. */
  get recordedCount(): number {
    return this.#recorded.length;
  }

  get quietMs(): number {
    return this.#proxy.quietMs;
  }

  /** Takes the chunks that were recorded since the last call. */
  take(): ArrivedChunk[] {
    return this.#recorded.splice(0);
  }

  close(): Promise<void> {
    return this.#proxy.close();
  }
}

/** Resolves when nothing has crossed any of the taps for a while. */
export async function quiet(taps: readonly WireTap[]): Promise<void> {
  const recorded = () => taps.reduce((count, tap) => count + tap.recordedCount, 0);
  let before = recorded();
  for (let turns = 0; turns < quietTurns || !silent(taps); turns++) {
    await nextTurn();
    const now = recorded();
    if (now !== before) turns = 0;
    before = now;
  }
}

function silent(taps: readonly WireTap[]): boolean {
  return taps.every((tap) => tap.quietMs >= quietMs);
}

// A timer, not an immediate: an idle event loop must wait for bytes and not spin.
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
