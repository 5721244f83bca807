import type { Message } from '@tandem/core';
import { onTestFinished } from 'vitest';
import type { Chat, ClientAgent, IdentitySettings } from '../../src/index.ts';
import { PostgresService, type PostgresServiceOptions } from '../../src/postgres/index.ts';

/** Keeps secrets as they are: to hash one takes longer than a test. */
export const quickHasher: IdentitySettings['hasher'] = {
  hash: async (secret) => secret,
  verify: async (secret, kept) => secret === kept,
  close: async () => {},
};

/** A node under test, and what it told. */
export interface TestNode {
  readonly service: PostgresService;
  readonly notices: string[];
  readonly errors: unknown[];
}

/** Opens a node, which is closed after the test. */
export async function openNode(
  url: string,
  options: Partial<PostgresServiceOptions> = {},
): Promise<TestNode> {
  const [notices, errors] = [[] as string[], [] as unknown[]];
  const service = await PostgresService.open({
    url,
    identity: { hasher: quickHasher },
    onNotice: (notice) => void notices.push(notice),
    onStoreError: (error) => void errors.push(error),
    ...options,
  });
  onTestFinished(() => service.close());
  return { service, notices, errors };
}

/** A client of a node, and what came to it. */
export interface TestClient extends ClientAgent {
  /** The messages that were pushed, as `sender|body`. */
  readonly pushed: string[];
  /** The cause of the end of its session. */
  readonly ends: string[];
  /** Logs in or resumes, reads what is unread, and goes live. Returns the outcome, with the token and the unread. */
  begin(login: ReturnType<ClientAgent['login']>): Promise<{
    readonly status: number;
    readonly token: string | undefined;
    readonly unread: readonly string[];
  }>;
  /** Resolves when so many messages were pushed, or its session has ended. */
  until(pushes: number): Promise<void>;
}

/** Connects a client to a node, or to a server alone. */
export function connectTo({ service }: { readonly service: Pick<Chat, 'connect'> }): TestClient {
  const [pushed, ends] = [[] as string[], [] as string[]];
  let told: () => void = () => {};
  const note = (list: string[], text: string) => {
    list.push(text);
    told();
  };
  const agent = service.connect({
    push: (message) => note(pushed, textOf(message)),
    mailboxFailed: () => note(ends, 'mailbox failed'),
    resumedElsewhere: () => note(ends, 'resumed elsewhere'),
    dismissed: () => note(ends, 'dismissed'),
  });
  return Object.assign(agent, {
    pushed,
    ends,
    async begin(login: ReturnType<ClientAgent['login']>) {
      const result = await login;
      if (!('session' in result)) return { status: result.status, token: undefined, unread: [] };
      const { session } = result;
      const unread: string[] = [];
      for (;;) {
        const messages = await session.readUnread(100);
        if (messages.length === 0) break;
        unread.push(...messages.map(textOf));
      }
      session.goLive();
      return { status: result.status, token: result.token, unread };
    },
    async until(pushes: number) {
      while (pushed.length < pushes && ends.length === 0) {
        await new Promise<void>((resolve) => {
          told = resolve;
        });
      }
    },
  });
}

function textOf({ sender, body }: Message): string {
  return `${sender}|${body}`;
}
