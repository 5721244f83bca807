import type { ChatClient } from '@tandem/core';
import type { Answer, Request } from './state.ts';

/** Puts a request to the server, and sets its outcome beside it. */
export async function ask(client: ChatClient, request: Request): Promise<Answer> {
  const { operation } = request;
  switch (operation) {
    case 'register':
      return { ...request, operation, outcome: await client.register(request.username) };
    case 'login':
      return { ...request, operation, outcome: await client.login(request.username) };
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
