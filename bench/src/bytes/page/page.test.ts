import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Recording } from '../index.ts';
import { renderWirePage } from './page.ts';

function recording(lane: string, operation: string, text: string): Recording {
  const bytes = Buffer.from(text);
  const annotations = [
    { offset: 0, length: bytes.length, layer: 'content' as const, meaning: text, parts: [] },
  ];
  const flights = [{ direction: 'sent' as const, bytes, annotations }];
  return { lane, operation, call: 'warm', tls: false, flights };
}

function dataOf(page: string) {
  const [, json = ''] =
    /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(json);
}

describe('the page of bytes', () => {
  it('shows lanes with a chat, and echoes where there is nothing else', () => {
    const echo = recording('net-echo', 'send', 'hello');
    const chat = recording('sockets-framed', 'register', 'alice');
    const lanesOf = (recordings: readonly Recording[]) =>
      dataOf(renderWirePage(recordings)).recordings.map(({ lane }: Recording) => lane);
    expect(lanesOf([echo, chat])).toEqual(['sockets-framed']);
    expect(lanesOf([echo])).toEqual(['net-echo']);
  });

  it('lets no text that crossed end its script', () => {
    const evil = '</script><script>document.title = "taken over"</script>';
    const page = renderWirePage([recording('sockets-framed', 'register', evil)]);
    expect(page).not.toContain('</script><script>document');
    expect(dataOf(page).texts).toEqual([evil]);
  });
});

describe('docs/wire.html', () => {
  // All of a page but what its recordings make of it.
  const frameOf = (page: string) =>
    page
      .replace(/<script type="application\/json".*?<\/script>/s, '')
      .replace(/<details class="walk".*?<\/details>/s, '');

  it('has the script, the style and the words that a page has today', () => {
    const kept = readFileSync(new URL('../../../../docs/wire.html', import.meta.url), 'utf8');
    const now = renderWirePage([recording('sockets-framed', 'register', 'alice')]);
    expect(frameOf(kept), 'pnpm wire --html docs/wire.html makes it anew').toBe(frameOf(now));
    const { layers, lanes } = dataOf(now);
    expect(dataOf(kept)).toMatchObject({ layers, lanes });
  });
});
