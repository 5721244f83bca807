import type { ChatClient } from '@tandem/core';
import type { Lane, LaneClient } from '../lanes/lane.ts';

/** The first reason against asking this of a lane, if there is any. */
export function firstReason(
  ...checks: readonly ((lane: Lane) => string | undefined)[]
): (lane: Lane) => string | undefined {
  return (lane) => {
    for (const check of checks) {
      const reason = check(lane);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

/** For questions about a connection. */
export function needsServer(lane: Lane): string | undefined {
  return lane.startServer === undefined ? 'there is no server and no connection here' : undefined;
}

/** For questions about operations of the chat that an echo does not have. */
export function needsChat(lane: Lane): string | undefined {
  return lane.hasChat ? undefined : 'there is no chat service behind it';
}

/** For questions with more than one request under way. */
export function needsDepth(depth: number): (lane: Lane) => string | undefined {
  return ({ depthMax }) =>
    depth <= depthMax ? undefined : `it cannot go beyond depth ${depthMax} on one connection`;
}

/** The chat client of a lane that `needsChat` let pass. */
export function chatOf({ chat }: LaneClient): ChatClient {
  if (chat === undefined) throw new Error('this lane has no chat client');
  return chat;
}
