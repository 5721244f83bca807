import { Status } from '@tandem/core';
import { describe, expect, it } from 'vitest';
import { NameList } from '../accounts/name-list.ts';
import { Scheduler } from '../scheduling/scheduler.ts';
import type { ClientAgent } from '../service/client-agent.ts';
import { PageWriter } from './page-writer.ts';
import { ClientGone, type Wire } from './wire.ts';

const names = Array.from({ length: 20_000 }, (_, i) => `user${i}`);

function writerTo(pages: string[][], drained = async () => {}) {
  const wire = {
    drained,
    searchPage: ({ items }: { items: NameList }) => pages.push(items.toArray()),
  } as unknown as Wire<Uint8Array>;
  const agent = { scheduler: new Scheduler(), origin: { address: '' } } as unknown as ClientAgent;
  return new PageWriter(agent, wire, undefined, () => false);
}

describe('the list of a search', () => {
  it('is written in pages, and empty afterwards', async () => {
    const pages: string[][] = [];
    const outcome = { status: Status.found, usernames: NameList.of(names) };
    expect(await writerTo(pages).writeFound(outcome)).toBe(true);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(names);
    expect(outcome.usernames.toArray()).toEqual([]);
  });

  it('is empty when the client has gone', async () => {
    const outcome = { status: Status.found, usernames: NameList.of(names) };
    const gone = async () => Promise.reject(new ClientGone());
    await expect(writerTo([], gone).writeFound(outcome)).rejects.toThrow(ClientGone);
    expect(outcome.usernames.toArray()).toEqual([]);
  });
});
