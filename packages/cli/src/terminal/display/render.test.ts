import { joinMessage } from '@tandem/core';
import { parseMessages, parseSearchResults } from '@tandem/core/seed';
import { describe, expect, it } from 'vitest';
import { initialState } from '../state/state.ts';
import { render, renderEntry } from './render.ts';

const terminal = { terminal: true, color: false };
const colored = { terminal: true, color: true };
const plain = { terminal: false, color: false };
const initial = initialState({ script: false });

describe('renderEntry', () => {
  const message = { kind: 'message', message: { sender: 'alice', body: 'hi: there' } } as const;

  it('marks a message on a terminal, and leaves it plain for a script', () => {
    expect(renderEntry(message, terminal)).toBe('<- alice: hi: there\n');
    expect(renderEntry(message, plain)).toBe('alice: hi: there\n');
    expect(renderEntry(message, colored)).toContain('\x1b[');
  });

  it('lets nothing that a server says steer the terminal', () => {
    const hostile = '\x1b[2J\r\u009b31m\u202eevil\n\u2028\x7f';
    const entries = [
      { kind: 'message', message: { sender: hostile, body: hostile } },
      { kind: 'said', text: hostile.replace('\n', '') },
      { kind: 'refused', text: hostile.replace('\n', '') },
      { kind: 'names', usernames: [hostile] },
    ] as const;
    for (const entry of entries) {
      const text = renderEntry(entry, terminal);
      expect(text.indexOf('\n')).toBe(text.length - 1);
      expect(text.slice(0, -1)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(text).toContain('\\u{1b}[2J');
    }
  });

  it('shows names one a line', () => {
    const entry = { kind: 'names', usernames: ['alice', 'bob'] } as const;
    expect(renderEntry(entry, terminal)).toBe('  alice\n  bob\n');
    expect(renderEntry(entry, plain)).toBe('alice\nbob\n');
  });

  it('gives a script what the functions of 2023 give', () => {
    const spaced = { kind: 'message', message: { sender: 'bob', body: '  a: b  ' } } as const;
    for (const entry of [message, spaced]) {
      expect(renderEntry(entry, plain)).toBe(parseMessages(joinMessage(entry.message)));
    }
    const names = { kind: 'names', usernames: ['alice', 'bob'] } as const;
    expect(renderEntry(names, plain)).toBe(`${parseSearchResults('alice|bob')}\n`);
  });
});

describe('render', () => {
  it('says in the prompt who you are, or what is asked', () => {
    expect(render(initial, terminal).prompt).toBe('> ');
    expect(render({ ...initial, user: 'alice' }, terminal).prompt).toBe('alice> ');
    const question = { command: 'send', values: [], asks: 'recipient' } as const;
    expect(render({ ...initial, question }, terminal).prompt).toBe('to: ');
  });

  it('wants no line while an answer is awaited', () => {
    const request = { operation: 'search', query: '' } as const;
    expect(render(initial, terminal).wantsLine).toBe(true);
    expect(render({ ...initial, request }, terminal).wantsLine).toBe(false);
  });
});
