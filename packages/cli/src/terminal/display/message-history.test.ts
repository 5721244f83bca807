import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
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

/** Returns the descriptor of this process that is open on a file. */
function descriptorOf(file: string): number {
  const opened = readdirSync('/proc/self/fd').find((each) => {
    try {
      return realpathSync(`/proc/self/fd/${each}`) === realpathSync(file);
    } catch {
      return false;
    }
  });
  return Number(opened);
}

function message(body: string, from = 'bob'): SeenMessage {
  return { at: 1, user: 'alice', from, to: 'alice', body };
}

describe('MessageHistory', () => {
  it('has what was seen with somebody, and what one user has seen', () => {
    const history = new MessageHistory();
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
    const first = new MessageHistory(file);
    first.add(message('one'));
    first.add({ ...message('two'), inDoubt: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    appendFileSync(file, '{"at":1,"user":"ali\nnonsense\n{"at":"no"}\n');
    const second = new MessageHistory(file);
    expect(second.of('alice')).toEqual([message('one'), { ...message('two'), inDoubt: true }]);
    expect(readFileSync(file, 'utf8').split('\n')[0]).toBe(JSON.stringify(message('one')));
  });

  it('says once that the file cannot be written, and goes on in memory', () => {
    const file = join(directory, 'history');
    const history = new MessageHistory(file);
    closeSync(descriptorOf(file));
    expect(history.add(message('one'))).toMatchObject({ code: 'EBADF' });
    expect(history.add(message('two'))).toBeUndefined();
    expect(history.of('alice')).toHaveLength(2);
  });

  it('refuses what is no regular file, and leaves it as it is', () => {
    const { mode } = statSync('/dev/null');
    expect(() => new MessageHistory('/dev/null')).toThrow('it is no regular file');
    expect(statSync('/dev/null').mode).toBe(mode);
    expect(() => new MessageHistory(directory)).toThrow('EISDIR');
  });

  it('loses no message behind one that was cut', () => {
    const file = join(directory, 'history');
    writeFileSync(file, `${JSON.stringify(message('one'))}\n{"at":1,"us`);
    new MessageHistory(file).add(message('two'));
    const bodies = new MessageHistory(file).of('alice').map(({ body }) => body);
    expect(bodies).toEqual(['one', 'two']);
  });

  it('reads the end alone of a file that is larger than the memory can take', () => {
    const file = join(directory, 'history');
    writeFileSync(file, `${JSON.stringify(message('first'))}\n`);
    // A hole takes no room on the disk.
    truncateSync(file, 3 * 1024 ** 3);
    appendFileSync(file, `\n${JSON.stringify(message('last'))}\n`);
    const bodies = new MessageHistory(file).of('alice').map(({ body }) => body);
    expect(bodies).toEqual(['last']);
  });

  it('is bounded', () => {
    const history = new MessageHistory();
    for (let at = 0; at < 3 * messagesKeptMax; at++) history.add(message(String(at)));
    expect(history.of('alice')).toHaveLength(messagesKeptMax);
    expect(history.of('alice').at(-1)?.body).toBe(String(3 * messagesKeptMax - 1));
  });
});
