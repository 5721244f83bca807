import type { ChatClient } from '@tandem/core';
import type { CompletedRequest, Request } from './state/state.ts';

/**
 * Puts a request to the server, and sets its outcome beside it.
 *
 * @param fileSecret the secret of accounts for which none was asked
 */
export async function ask(
  client: ChatClient,
  request: Request,
  fileSecret?: string,
): Promise<CompletedRequest> {
  const { operation } = request;
  switch (operation) {
    case 'register': {
      const { username, secret = fileSecret } = request;
      return { operation, username, secret, outcome: await client.register(username, secret) };
    }
    case 'login': {
      const { username, resumption, secret = fileSecret } = request;
      if (resumption !== undefined) {
        return { operation, username, resumption, outcome: await client.resume(resumption) };
      }
      return { operation, username, secret, outcome: await client.login(username, secret) };
    }
    case 'secret': {
      const { current, secret } = request;
      return { ...request, operation, outcome: await client.changeSecret(current, secret) };
    }
    case 'block':
      return { ...request, operation, outcome: await client.block(request.username) };
    case 'unblock':
      return { ...request, operation, outcome: await client.unblock(request.username) };
    case 'search':
      return { ...request, outcome: await client.search(request.query) };
    case 'send':
      return { ...request, outcome: await client.send(request.recipient, request.body) };
    case 'logout':
      return { ...request, operation, outcome: await client.logout() };
    case 'delete':
      return { ...request, operation, outcome: await client.delete() };
  }
}
