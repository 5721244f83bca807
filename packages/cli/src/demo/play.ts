import type { ChatClient } from '@tandem/core';
import { TcpProxy, type Traffic } from '@tandem/proxy';
import { Actor } from './actor.ts';
import type { ByteWatch } from './byte-watch.ts';
import { type Entry, renderBytes, renderEntry, renderHead, renderTotal } from './ledger.ts';
import { story } from './story.ts';

/** A place at which a server listens. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/** The parts that the demonstration needs. */
export interface DemoOptions {
  /** A server for sockets, and one for gRPC, on one chat service. */
  readonly sockets: Place;
  readonly grpc: Place;
  readonly connectSockets: (place: Place) => Promise<ChatClient>;
  readonly connectGrpc: (place: Place) => Promise<ChatClient>;
  readonly output: { write(text: string): unknown };
  readonly color: boolean;
  /** Present when the bytes of each step are to be shown below it. */
  readonly bytes?: { readonly sockets: ByteWatch; readonly grpc: ByteWatch };
}

// A wire on which nothing has crossed for so long, and for so many turns of the event loop, has said all that
// belongs to the step: clients and servers are in this process. Time alone says little where the process did
// not get the processor.
const quietMs = 30;
const quietTurns = 10;
const lookMs = 3;

/** Plays the story: alice on sockets, bob on gRPC, each step with the bytes that it took. */
export async function playDemo(options: DemoOptions): Promise<void> {
  const taps = {
    sockets: await openTap(options.sockets, options.bytes?.sockets),
    grpc: await openTap(options.grpc, options.bytes?.grpc),
  };
  const clients: ChatClient[] = [];
  try {
    const ledger = new Ledger(taps, options);
    await ledger.record('both connect', async () => {
      clients.push(await options.connectSockets(taps.sockets));
      clients.push(await options.connectGrpc(taps.grpc));
      return 'nobody is logged in';
    });
    const [alice, bob] = clients.map((client) => new Actor(client)) as [Actor, Actor];
    const connectBob = async () => {
      const client = await options.connectGrpc(taps.grpc);
      clients.push(client);
      return client;
    };
    for (const { title, run } of story) {
      await ledger.record(title, () => run({ alice, bob, connectBob }));
    }
    ledger.close();
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all([taps.sockets.close(), taps.grpc.close()]);
  }
}

// A proxy without faults is a place at which every byte is counted.
function openTap({ host, port }: Place, watch: ByteWatch | undefined): Promise<TcpProxy> {
  return TcpProxy.open({ host, port, ...(watch && { onBytes: (chunk) => watch.take(chunk) }) });
}

interface Taps {
  readonly sockets: TcpProxy;
  readonly grpc: TcpProxy;
}

/** Prints each step as soon as its bytes have crossed. */
class Ledger {
  readonly #taps: Taps;
  readonly #output: DemoOptions['output'];
  readonly #color: boolean;
  readonly #bytes: DemoOptions['bytes'];
  readonly #entries: Entry[] = [];

  constructor(taps: Taps, { output, color, bytes }: DemoOptions) {
    this.#taps = taps;
    this.#output = output;
    this.#color = color;
    this.#bytes = bytes;
    output.write(renderHead(color));
  }

  async record(title: string, run: () => Promise<string>): Promise<void> {
    const before = this.#traffic();
    const outcome = await run();
    await this.#quiet();
    const after = this.#traffic();
    const entry = {
      title,
      outcome,
      sockets: difference(after.sockets, before.sockets),
      grpc: difference(after.grpc, before.grpc),
    };
    this.#entries.push(entry);
    this.#output.write(renderEntry(entry, this.#color));
    this.#showBytes();
  }

  #showBytes(): void {
    if (this.#bytes === undefined) return;
    const { sockets, grpc } = this.#bytes;
    for (const [title, watch] of [
      ["alice's wire, sockets", sockets],
      ["bob's wire, gRPC", grpc],
    ] as const) {
      const bytes = watch.render();
      if (bytes !== undefined) this.#output.write(renderBytes(title, bytes, this.#color));
    }
  }

  close(): void {
    this.#bytes?.sockets.end();
    this.#bytes?.grpc.end();
    this.#showBytes();
    this.#output.write(renderTotal(this.#entries, this.#color));
  }

  #traffic(): { readonly sockets: Traffic; readonly grpc: Traffic } {
    return { sockets: this.#taps.sockets.traffic, grpc: this.#taps.grpc.traffic };
  }

  // A response is not the last byte of its step: an acknowledgement or a window update may follow.
  async #quiet(): Promise<void> {
    const { sockets, grpc } = this.#taps;
    let before = this.#crossedBytes();
    const isRecent = () => Math.min(sockets.quietMs, grpc.quietMs) < quietMs;
    for (let turns = 0; turns < quietTurns || isRecent(); turns++) {
      await new Promise((resolve) => setTimeout(resolve, lookMs));
      const now = this.#crossedBytes();
      if (now !== before) turns = 0;
      before = now;
    }
  }

  #crossedBytes(): number {
    const { sockets, grpc } = this.#traffic();
    return sockets.sent + sockets.received + grpc.sent + grpc.received;
  }
}

function difference(after: Traffic, before: Traffic): Traffic {
  return { sent: after.sent - before.sent, received: after.received - before.received };
}
