import { describe, expect, it } from 'vitest';
import { parseMessages, parseSearchResults, searchUsernames } from './functions.ts';

const senders = ['sender1', 'sender2', 'sender3', 'sender4'];

describe('searchUsernames', () => {
  it('finds no longer name where the query has no star, as in 2023', () => {
    expect(searchUsernames(senders, 'sender')).toEqual([]);
    expect(searchUsernames(senders, 'sender2')).toEqual(['sender2']);
  });

  it('lets a star stand for any characters, none included, as in 2023', () => {
    expect(searchUsernames(senders, 'sender*')).toEqual(senders);
    expect(searchUsernames(senders, 'sender1*')).toEqual(['sender1']);
    expect(searchUsernames(senders, '*3')).toEqual(['sender3']);
    expect(searchUsernames(senders, '*end*4')).toEqual(['sender4']);
    expect(searchUsernames(senders, '*x*')).toEqual([]);
  });

  it('finds every name for the empty query and for the star', () => {
    expect(searchUsernames(senders, '')).toEqual(senders);
    expect(searchUsernames(senders, '*')).toEqual(senders);
  });

  it('tells upper case from lower case', () => {
    expect(searchUsernames(['Bob', 'bob'], 'b*')).toEqual(['bob']);
  });

  it('sorts by character code and leaves the names it was given as they were', () => {
    const names = ['b', 'a', 'B', '10', '9', 'a1', 'A'];
    expect(searchUsernames(names, '*')).toEqual(['10', '9', 'A', 'B', 'a', 'a1', 'b']);
    expect(names).toEqual(['b', 'a', 'B', '10', '9', 'a1', 'A']);
  });
});

describe('parseSearchResults', () => {
  it('gives one name a line, as in 2023', () => {
    expect(parseSearchResults('x|y')).toBe('x\ny');
    expect(parseSearchResults('x')).toBe('x');
  });
});

describe('parseMessages', () => {
  it('gives one line a message, as in 2023', () => {
    expect(parseMessages('a|hello!!!')).toBe('a: hello!!!\n');
    expect(parseMessages('a|hello!!!\nb|bye')).toBe('a: hello!!!\nb: bye\n');
  });

  it('keeps what a body has of blanks and colons', () => {
    expect(parseMessages('a| x: y ')).toBe('a:  x: y \n');
  });
});
