import { PostgresService } from '@tandem/chat/postgres';
import { startSocketServer } from '@tandem/socket-server';
import { serve } from '../chat/chat-server.ts';
import type { LaneServer, ServerBegin } from '../lane.ts';

/** A server in this process that is a node of a chat on PostgreSQL. */
export interface Node extends LaneServer {
  /** The number of batches that it has written so far, each of which is a transaction. */
  readonly commits: number;
}

/** Starts a node in this process, before the database of this URL. */
export async function startNode(url: string, { hasher }: ServerBegin = {}): Promise<Node> {
  let commits = 0;
  const service = await PostgresService.open({
    url,
    ...(hasher && { identity: { hasher } }),
    onWritten: () => {
      commits++;
    },
  });
  const server = await serve(startSocketServer, service);
  return {
    ...server,
    get commits() {
      return commits;
    },
  };
}
