import type { ChatClient } from '@tandem/core';
import type { Lane, LaneClient } from '../lanes/lane.ts';

/** Returns the first reason against running a scenario on a lane; undefined without one. */
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

/** The condition of scenarios about a connection. */
export function needsServer(lane: Lane): string | undefined {
  return lane.startServer === undefined ? 'there is no server and no connection here' : undefined;
}

/** The condition of scenarios with operations of the chat that an echo does not have. */
export function needsChat(lane: Lane): string | undefined {
  return lane.hasChat ? undefined : 'there is no chat service behind it';
}

/** The condition of scenarios with several servers that are one chat. */
export function needsNodes(lane: Lane): string | undefined {
  return lane.hasNodes ? undefined : 'its server is the only one of its chat';
}

/** The condition of scenarios with more than one pending request. */
export function needsDepth(depth: number): (lane: Lane) => string | undefined {
  return ({ depthMax = Number.POSITIVE_INFINITY }) =>
    depth <= depthMax ? undefined : `it cannot go beyond depth ${depthMax} on one connection`;
}

/** Returns the chat client of a lane that `needsChat` has accepted. */
export function chatOf({ chat }: LaneClient): ChatClient {
  if (chat === undefined) throw new Error('this lane has no chat client');
  return chat;
}
