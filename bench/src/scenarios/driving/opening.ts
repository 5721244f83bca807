import type { LaneClient } from '../../lanes/lane.ts';

/** The number of connections that open at once, below the backlog of a listening socket. */
const openedAtOnce = 64;

/** Opens so many connections, a number of them at a time, and returns them in their order. */
export async function openEach<Opened>(
  count: number,
  open: (index: number) => Promise<Opened>,
): Promise<Opened[]> {
  const opened: Opened[] = [];
  while (opened.length < count) {
    const length = Math.min(openedAtOnce, count - opened.length);
    const batch = Array.from({ length }, (_, i) => open(opened.length + i));
    opened.push(...(await Promise.all(batch)));
  }
  return opened;
}

/** Waits for a response: a search for an unknown name needs no account, and its response is one of the shortest. */
export async function firstResponse(client: LaneClient): Promise<void> {
  await (client.chat?.search('nobody') ?? client.operation({ kind: 'search' })());
}
