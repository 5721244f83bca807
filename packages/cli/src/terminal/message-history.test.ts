import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageHistory, messagesKeptMax, type SeenMessage } from './message-history.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-history-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const fail = (error: Error) => {
  throw error;
};

function message(body: string, from = 'bob'): SeenMessage {
  return { at: 1, user: 'alice', from, to: 'alice', body };
}

describe('MessageHistory', () => {
  it('has what was seen with somebody, and what one user has seen', () => {
    const history = new MessageHistory(undefined, fail);
    history.add(message('one'));
    history.add(message('two', 'carol'));
    history.add({ ...message('three'), user: 'dave', to: 'dave' });
    expect(history.of('alice').map(({ body }) => body)).toEqual(['one', 'two']);
    expect(history.of('alice', 'carol').map(({ body }) => body)).toEqual(['two']);
    expect(history.of(undefined)).toHaveLength(3);
  });

  it('keeps a file that only its owner reads, and goes on with it', () => {
    const file = join(directory, 'history');
    writeFileSync(file, '', { mode: 0o644 });
    const first = new MessageHistory(file, fail);
    first.add(message('one'));
    first.add({ ...message('two'), inDoubt: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    appendFileSync(file, '{"at":1,"user":"ali\nnonsense\n{"at":"no"}\n');
    const second = new MessageHistory(file, fail);
    expect(second.of('alice')).toEqual([message('one'), { ...message('two'), inDoubt: true }]);
    expect(readFileSync(file, 'utf8').split('\n')[0]).toBe(JSON.stringify(message('one')));
  });

  it('says once that the file cannot be written, and goes on in memory', () => {
    const errors: Error[] = [];
    const history = new MessageHistory(join(directory, 'history'), (error) => errors.push(error));
    rmSync(directory, { recursive: true });
    history.add(message('one'));
    history.add(message('two'));
    expect(errors).toHaveLength(1);
    expect(history.of('alice')).toHaveLength(2);
    directory = mkdtempSync(join(tmpdir(), 'tandem-history-'));
  });

  it('is bounded', () => {
    const history = new MessageHistory(undefined, fail);
    for (let at = 0; at < 3 * messagesKeptMax; at++) history.add(message(String(at)));
    expect(history.of('alice')).toHaveLength(messagesKeptMax);
    expect(history.of('alice').at(-1)?.body).toBe(String(3 * messagesKeptMax - 1));
  });
});
