import { type Faults, TcpProxy } from '@tandem/proxy';
import type { ActorPlan, NetworkFault } from '../plan/plan.ts';
import type { ServerPorts } from '../server/server-process.ts';

const host = '127.0.0.1';

/** A proxy in front of the server for each actor of a plan, so that a fault can affect some actors only. */
export class ActorProxies {
  readonly #actors: readonly ActorPlan[];
  readonly #proxies: readonly TcpProxy[];
  readonly #timers = new Set<NodeJS.Timeout>();

  private constructor(actors: readonly ActorPlan[], proxies: readonly TcpProxy[]) {
    this.#actors = actors;
    this.#proxies = proxies;
  }

  static async open(actors: readonly ActorPlan[], ports: ServerPorts): Promise<ActorProxies> {
    const open = (actor: ActorPlan) => TcpProxy.open({ host, port: portFor(actor, ports) });
    return new ActorProxies(actors, await Promise.all(actors.map(open)));
  }

  /** The port that an actor connects to. */
  portOf(actor: ActorPlan): number {
    return this.#proxyOf(actor.actor).port;
  }

  /** Connects new clients to the server's new port. */
  setTarget(ports: ServerPorts): void {
    for (const actor of this.#actors) {
      this.#proxyOf(actor.actor).setTarget(host, portFor(actor, ports));
    }
  }

  /** Begins a fault, and ends it in time. */
  strike(fault: NetworkFault): void {
    for (const proxy of fault.actors.map((actor) => this.#proxyOf(actor))) {
      if ('faults' in fault) this.#strikeFor(proxy, fault);
      else if ('direction' in fault) proxy.halfClose(fault.direction);
      else if (fault.kind === 'reset') proxy.reset();
      else proxy.cut();
    }
  }

  /** Ends all faults. */
  heal(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const proxy of this.#proxies) proxy.setFaults({});
  }

  async close(): Promise<void> {
    this.heal();
    await Promise.all(this.#proxies.map((proxy) => proxy.close()));
  }

  #proxyOf(actor: number): TcpProxy {
    return this.#proxies[actor] as TcpProxy;
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

function portFor({ transport }: Pick<ActorPlan, 'transport'>, ports: ServerPorts): number {
  return transport === 'framed' ? ports.socket : ports.grpc;
}
