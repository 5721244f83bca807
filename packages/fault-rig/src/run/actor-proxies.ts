import { type Faults, TcpProxy } from '@tandem/proxy';
import type { Transport } from '../history/event.ts';
import type { ActorPlan, NetworkFault } from '../plan/plan.ts';
import type { ServerPorts } from '../server/server-process.ts';

const host = '127.0.0.1';

/** A proxy in front of each server for each actor of a plan, so that a fault can affect some actors only. */
export class ActorProxies {
  readonly #actors: readonly ActorPlan[];
  /** Those of each actor, in the order of the servers. */
  readonly #proxies: readonly (readonly TcpProxy[])[];
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor(actors: readonly ActorPlan[], proxies: readonly (readonly TcpProxy[])[]) {
    this.#actors = actors;
    this.#proxies = proxies;
  }

  static async open(
    actors: readonly ActorPlan[],
    servers: readonly ServerPorts[],
  ): Promise<ActorProxies> {
    const open = (actor: ActorPlan) =>
      Promise.all(
        servers.map((ports) => TcpProxy.open({ host, port: portFor(actor.transport, ports) })),
      );
    return new ActorProxies(actors, await Promise.all(actors.map(open)));
  }

  /** The ports that an actor connects to, from one server to the next: not all begin at the same. */
  portsOf({ actor }: ActorPlan): number[] {
    const ports = this.#proxiesOf(actor).map(({ port }) => port);
    const first = actor % ports.length;
    return [...ports.slice(first), ...ports.slice(0, first)];
  }

  /** Connects new clients of a server to its new port. */
  setTarget(server: number, ports: ServerPorts): void {
    for (const actor of this.#actors) {
      this.#proxiesOf(actor.actor)[server]?.setTarget(host, portFor(actor.transport, ports));
    }
  }

  /** Begins a fault, and ends it in time. */
  strike(fault: NetworkFault): void {
    for (const proxy of fault.actors.flatMap((actor) => this.#proxiesOf(actor))) {
      if ('faults' in fault) this.#strikeFor(proxy, fault);
      else if ('direction' in fault) proxy.halfClose(fault.direction);
      else if (fault.kind === 'reset') proxy.reset();
      else proxy.cut();
    }
  }

  /** Ends all faults. */
  heal(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const proxy of this.#proxies.flat()) proxy.setFaults({});
  }

  async close(): Promise<void> {
    this.heal();
    await Promise.all(this.#proxies.flat().map((proxy) => proxy.close()));
  }

  #proxiesOf(actor: number): readonly TcpProxy[] {
    return this.#proxies[actor] as readonly TcpProxy[];
  }

  #strikeFor(
    proxy: TcpProxy,
    { faults, forMs }: NetworkFault & { readonly forMs: number; readonly faults: Faults },
  ): void {
    proxy.setFaults(faults);
    // A later fault that has replaced it ends by itself.
    this.#later(forMs, () => {
      if (proxy.faults === faults) proxy.setFaults({});
    });
  }

  #later(afterMs: number, perform: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      perform();
    }, afterMs);
    this.#timers.add(timer);
  }
}

/** The port of a server for a transport. */
export function portFor(transport: Transport, ports: ServerPorts): number {
  return transport === 'framed' ? ports.socket : ports.grpc;
}
