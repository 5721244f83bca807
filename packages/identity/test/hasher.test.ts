import { on } from 'node:events';
import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { secretsAreSupported } from '../src/argon2.ts';
import { Hasher } from '../src/hasher.ts';

const hashers: Hasher[] = [];

function makeHasher(): Hasher {
  const hasher = new Hasher();
  hashers.push(hasher);
  return hasher;
}

afterEach(async () => {
  for (const hasher of hashers.splice(0)) await hasher.close();
});

describe.skipIf(!secretsAreSupported)('Hasher', () => {
  it('knows a secret again by its hash, and no other', async () => {
    const hasher = makeHasher();
    const phc = await hasher.hash('correct horse');
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify('correct horse', phc)).toBe(true);
    expect(await hasher.verify('correct house', phc)).toBe(false);
    expect(await hasher.hash('correct horse')).not.toBe(phc);
  });

  it.each(['password1', 'PassWord1', 'qwertyuiop', 'trustno1'])(
    'makes no hash of a secret that many people take: %s',
    async (secret) => {
      expect(await makeHasher().hash(secret)).toBeUndefined();
    },
  );

  it('says no without a hash, and with one that cannot be read', async () => {
    const hasher = makeHasher();
    expect(await hasher.verify('anything', undefined)).toBe(false);
    expect(await hasher.verify('anything', 'plain')).toBe(false);
  });

  it('verifies what another program has made, with other parameters', async () => {
    // From the command line program of the reference implementation:
    // echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1 -l 32 -e
    const phc =
      '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await makeHasher().verify('password', phc)).toBe(true);
  });

  it('answers in the order in which it was asked', async () => {
    const hasher = makeHasher();
    const answered: string[] = [];
    const ask = async (text: string) => {
      await hasher.verify(text, undefined);
      answered.push(text);
    };
    await Promise.all(['a', 'b', 'c'].map(ask));
    expect(answered).toEqual(['a', 'b', 'c']);
  });

  it.skipIf(process.platform !== 'linux')('leaves the processor to others first', async () => {
    const threads = () => readdirSync('/proc/self/task').map(Number);
    const before = threads();
    await makeHasher().verify('a', undefined);
    const started = threads().filter((thread) => !before.includes(thread));
    expect(started.filter((thread) => getPriority(thread) === 10)).toHaveLength(1);
    expect(getPriority()).not.toBe(10);
  });

  it.skipIf(process.platform !== 'linux')(
    'loads all that it needs with the low priority, and the common secrets only for a hash',
    async () => {
      const reports = `
        import { registerHooks } from 'node:module';
        import { getPriority } from 'node:os';
        import { parentPort } from 'node:worker_threads';
        registerHooks({
          load(url, context, next) {
            parentPort.postMessage([url.replace(/.*[/]/, ''), getPriority()]);
            return next(url, context);
          },
        });`;
      const thread = new Worker(new URL('../src/hasher-thread.ts', import.meta.url), {
        execArgv: ['--import', `data:text/javascript,${encodeURIComponent(reports)}`],
      });
      const messages = on(thread, 'message');
      const loaded = new Map<string, number>();
      const answer = async (request: object) => {
        thread.postMessage(request);
        for (;;) {
          const { value } = await messages.next();
          const message = value?.[0];
          if (!Array.isArray(message)) return message;
          loaded.set(message[0], message[1]);
        }
      };
      expect(await answer({ kind: 'verify', secret: 'a', phc: undefined })).toBe(false);
      loaded.delete('hasher-thread.ts');
      const toVerify = [...loaded.keys()];
      expect(toVerify).toContain('argon2.ts');
      expect(await answer({ kind: 'hash', secret: 'sunshine' })).toBeUndefined();
      await thread.terminate();
      expect(loaded.size).toBeGreaterThan(toVerify.length);
      expect(new Set(loaded.values())).toEqual(new Set([10]));
    },
  );

  it('rejects what waits when it is closed, and what comes later', async () => {
    const hasher = makeHasher();
    const waiting = expect(hasher.verify('a', undefined)).rejects.toThrow('has ended');
    await hasher.close();
    await waiting;
    await expect(hasher.hash('a')).rejects.toThrow('closed');
  });
});

it('rejects each request when no thread can be started, and keeps none of them waiting', async () => {
  const hasher = new Hasher(() => {
    throw new Error('no threads left');
  });
  for (const secret of ['a', 'b']) {
    await expect(hasher.hash(secret)).rejects.toThrow('no threads left');
  }
  await hasher.close();
});
