import { frameContentBytesMax } from '@tandem/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logIn, Stage } from '../../test/stage.ts';
import { newAccount } from '../accounts/account.ts';
import { NameList } from '../accounts/name-list.ts';
import { defaultChatLimits, MemoryStore, Session } from '../index.ts';
import { type Page, unreadPages, usernamePages } from './pages.ts';

/** Returns the size of a page's items, with a separator between each two. */
function contentBytes(lines: readonly string[]): number {
  return lines.join('\n').length;
}

/** Pages greedily: as many whole items as fit, at least one, and no more than are allowed. */
function expectGreedyPages(
  pages: readonly Page<readonly string[]>[],
  all: readonly string[],
  itemsMax = Number.POSITIVE_INFINITY,
): void {
  expect(pages.flatMap(({ items }) => items)).toEqual(all);
  expect(pages.map(({ first }) => first)).toEqual(pages.map((_, i) => i === 0));
  expect(pages.map(({ last }) => last)).toEqual(pages.map((_, i) => i === pages.length - 1));
  for (const [i, { items }] of pages.entries()) {
    expect(contentBytes(items)).toBeLessThanOrEqual(frameContentBytesMax);
    const next = pages[i + 1]?.items[0];
    if (next === undefined || items.length === itemsMax) continue;
    expect(contentBytes([...items, next])).toBeGreaterThan(frameContentBytesMax);
  }
}

const names = (count: number, length: number) =>
  Array.from({ length: count }, (_, i) => `${i}`.padEnd(length, 'n'));

/** Returns the pages of names that are in these texts, or each in a text of its own. */
function pagesOfNames(texts: readonly (string | readonly string[])[]): Page<string[]>[] {
  const names = texts.flat();
  const list = new NameList(
    texts.map((text) => [text].flat().join('\n')),
    names.length,
  );
  return [...usernamePages(list)].map(({ items, ...place }) => {
    expect(items.length).toBe(items.toArray().length);
    return { items: items.toArray(), ...place };
  });
}

describe('usernamePages', () => {
  it('makes no page of nobody', () => {
    expect(pagesOfNames([])).toEqual([]);
  });

  it('makes one page of exactly 65,535 bytes', () => {
    const full = names(256, 255);
    expect(contentBytes(full)).toBe(65_535);
    expect(pagesOfNames(full)).toEqual([{ items: full, first: true, last: true }]);
  });

  it('makes two pages of one byte more', () => {
    const more = [...names(255, 255), 'n'.repeat(256)];
    expect(contentBytes(more)).toBe(65_536);
    expect(pagesOfNames(more)).toEqual([
      { items: more.slice(0, 255), first: true, last: false },
      { items: more.slice(255), first: false, last: true },
    ]);
  });

  it('puts every name on one page, in order, and fills each before the next', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 9_000 });
    const list = fc.array(fc.array(name, { minLength: 1, maxLength: 9 }), { maxLength: 12 });
    fc.assert(fc.property(list, (texts) => expectGreedyPages(pagesOfNames(texts), texts.flat())));
  });
});

/** A mailbox of alice's with lines of these lengths, and the session that she reads it in. */
async function sessionOver(lineLengths: readonly number[]): Promise<Stage & { session: Session }> {
  const stage = await Stage.open({ mailboxMessagesMax: 65_535 });
  await stage.register('alice');
  for (const [i, length] of lineLengths.entries()) {
    await stage.service.post('b', 'alice', `${i}`.padEnd(length - 'b|'.length, 'x'));
  }
  return Object.assign(stage, { session: await logIn(stage.connect(), 'alice') });
}

async function pagesOf(session: Session): Promise<Page<string[]>[]> {
  const pages: Page<string[]>[] = [];
  for await (const { items, ...place } of unreadPages(session)) {
    pages.push({ items: items.map(({ sender, body }) => `${sender}|${body}`), ...place });
  }
  return pages;
}

describe('unreadPages', () => {
  it('makes one page of exactly 65,535 bytes', async () => {
    const { session, store } = await sessionOver(Array(256).fill(255));
    const all = await store.mailbox('alice');
    expect(contentBytes(all)).toBe(65_535);
    expect(await pagesOf(session)).toEqual([{ items: all, first: true, last: true }]);
  });

  it('makes two pages of one byte more', async () => {
    const { session, store } = await sessionOver([...Array(255).fill(255), 256]);
    const all = await store.mailbox('alice');
    expect(await pagesOf(session)).toEqual([
      { items: all.slice(0, 255), first: true, last: false },
      { items: all.slice(255), first: false, last: true },
    ]);
  });

  it('makes full pages of a mailbox that takes many reads', async () => {
    const { session, store } = await sessionOver(
      Array.from({ length: 3_000 }, (_, i) => 8 + Math.floor(i / 10)),
    );
    const pages = await pagesOf(session);
    expectGreedyPages(pages, await store.mailbox('alice'), 256);
    expect(pages[0]?.items.length).toBe(256);
    expect(pages.at(-2)?.items.length).toBeLessThan(256);
  });

  it('reads no further than the page that was asked for', async () => {
    const { session, store } = await sessionOver(Array(5_000).fill(128));
    const pages = unreadPages(session);
    await pages.next();
    expect(store.reads).toBe(1);
    await pages.return();
  });

  it('has no message that came after the login', async () => {
    const { session, service } = await sessionOver([10, 10]);
    await service.post('b', 'alice', 'later');
    expect((await pagesOf(session)).flatMap(({ items }) => items)).toHaveLength(2);
  });

  it('ends with what there is when the mailbox has less than it counted', async () => {
    class Losing extends MemoryStore {
      override async readMessages(...args: Parameters<MemoryStore['readMessages']>) {
        return (await super.readMessages(...args)).slice(1);
      }
    }
    const store = new Losing();
    for (const id of [1, 2, 3]) {
      await store.addMessage('alice', { id, sender: 'b', body: `${id}` });
    }
    const session = new Session({
      account: newAccount('alice', 3),
      store,
      limits: defaultChatLimits,
      receiver: { push() {}, mailboxFailed() {}, resumedElsewhere() {}, dismissed() {} },
      lastMessageId: 3,
      onStoreError() {},
    });
    expect(await pagesOf(session)).toEqual([{ items: ['b|2', 'b|3'], first: true, last: true }]);
  });

  it('rejects when the mailbox cannot be read', async () => {
    const { session, store } = await sessionOver([10]);
    store.holdsReads = true;
    const pages = pagesOf(session);
    store.failReads();
    await expect(pages).rejects.toThrow('cannot read');
  });
});
