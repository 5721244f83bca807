import { ChatService, InProcessClient, MemoryStore } from '@tandem/chat';
import { ChatLaneClient, type Recipient } from '../chat/chat-operations.ts';
import { chatSettings } from '../chat/chat-server.ts';
import { PendingArrivals } from '../chat/pending-arrivals.ts';
import type { Lane, LaneClient, LaneSettings } from '../lane.ts';

const settings: LaneSettings = {
  ...chatSettings,
  noDelay: '-',
  writes: '-',
  deadlines: 'none',
  keepalive: '-',
  compression: '-',
  serialization: 'none: objects are handed over',
  windows: 'none of its own; the mailbox holds 10,000 messages',
  identity: 'the object that was made for the client',
  otherOptions:
    'client and service share one process and one event loop; limits of the service as `tandem serve` has them',
};

/** Measures the cost of the chat itself: the same service and the same interface, without a wire. */
export const lane: Lane = {
  name: 'in-process',
  title: 'in-process call',
  description: 'A ChatClient that calls the chat service in its own process.',
  kind: 'control',
  wire: 'none',
  baselines: [],
  hasChat: true,
  settings,
  connect,
};

async function connect(): Promise<LaneClient> {
  const service = await sharedService.acquire();
  const chat = new InProcessClient(service);
  void chat.closed.then(() => sharedService.release());
  return new ChatLaneClient({
    chat,
    openRecipient: (username) => openRecipient(service, username),
  });
}

/**
 * Takes each message within its send. A consumer of a client's messages would fall
 * behind, since only its promises make many senders wait for one reader here.
 */
async function openRecipient(service: ChatService, username: string): Promise<Recipient> {
  let taken = 0;
  const arrivals = new PendingArrivals();
  const agent = service.connect({
    push: ({ body }) => {
      agent.acknowledge(++taken);
      arrivals.arrived(body);
    },
    mailboxFailed: () => {},
    resumedElsewhere: () => {},
    dismissed: () => {},
  });
  const login = await agent.login(username);
  if (!('session' in login)) throw new Error(`a recipient’s login was answered ${login.status}`);
  login.session.goLive();
  return { arrivals, close: async () => agent.leave() };
}

/**
 * The service that all clients of the process share, as they would share a server. It is made with the
 * first client and closed with the last, so that a later client finds an empty one.
 */
class SharedService {
  #service: Promise<ChatService> | undefined;
  #clients = 0;

  acquire(): Promise<ChatService> {
    this.#clients++;
    this.#service ??= ChatService.open({ store: new MemoryStore() });
    return this.#service;
  }

  release(): void {
    if (--this.#clients === 0) this.#service = undefined;
  }
}

const sharedService = new SharedService();
