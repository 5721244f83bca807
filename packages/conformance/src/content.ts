import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { type Open, receive } from './stage.ts';

/** Texts, each with a description. */
type Cases = readonly (readonly [what: string, text: string])[];

const invalidUsernames: Cases = [
  ['that is empty', ''],
  ['of 51 characters', 'a'.repeat(51)],
  ['of 300 characters', 'a'.repeat(300)],
  ['of 70,000 characters', 'a'.repeat(70_000)],
  ['with a space', 'ann b'],
  ['with punctuation', 'ann!'],
  ['with an underscore', 'ann_b'],
  ['with a wildcard', 'ann*'],
  ['with |', 'ann|bob'],
  ['with a newline', 'ann\n'],
  ['with a NUL', 'ann\0'],
  ['beyond ASCII', 'Łukasz'],
  ['beyond ASCII in one byte', 'andré'],
];

const invalidQueries: Cases = [
  ['of 51 characters', 'a'.repeat(51)],
  ['of 51 wildcards', '*'.repeat(51)],
  ['with a space', 'a b'],
  ['with a ?', 'a?'],
  ['with a dot', 'a.*'],
  ['with |', 'a|b'],
  ['with a newline', 'a\n'],
  ['beyond ASCII', 'Ł*'],
];

const invalidBodies: Cases = [
  ['that is empty', ''],
  ['of a space', ' '],
  ['of 262 spaces', ' '.repeat(262)],
  ['of 263 characters', 'a'.repeat(263)],
  ['of 70,000 characters', 'a'.repeat(70_000)],
  ['with |', 'a|b'],
  ['with a newline', 'a\nb'],
  ['with a newline at its end', 'a\n'],
  ['with a tab', 'a\tb'],
  ['with an escape sequence', '\x1b[2J'],
  ['with a delete character', 'a\x7f'],
  ['beyond ASCII', 'dziękuję'],
  ['beyond ASCII in one byte', 'für'],
];

/** The suite of content: usernames, queries and bodies. Each test has one client. [P-2] [P-5.4] */
export function describeContent(open: Open): void {
  describe('content', () => {
    test('a username that is not valid is 122, whatever is asked with it', async () => {
      const ann = await (await open()).connect();
      const refused = allRefused(invalidUsernames);
      expect(await outcomesOf(invalidUsernames, (name) => ann.register(name))).toEqual(refused);
      expect(await outcomesOf(invalidUsernames, (name) => ann.login(name))).toEqual(refused);
      await ann.register('ann');
      await ann.login('ann');
      expect(await outcomesOf(invalidUsernames, (name) => ann.send(name, 'hi'))).toEqual(refused);
      expect(await ann.search('*')).toEqual({ status: Status.found, usernames: ['ann'] });
    });

    test('a query that is not valid is 122', async () => {
      const ann = await (await open()).newUser('ann');
      const outcomes = await outcomesOf(invalidQueries, (query) => ann.search(query));
      expect(outcomes).toEqual(allRefused(invalidQueries));
    });

    test('a body that is not valid is 122, and nothing arrives', async () => {
      const ann = await (await open()).newUser('ann');
      const outcomes = await outcomesOf(invalidBodies, (body) => ann.send('ann', body));
      expect(outcomes).toEqual(allRefused(invalidBodies));
      expect(await ann.send('ann', 'valid')).toEqual({ status: Status.delivered });
      expect(await receive(ann, 1)).toEqual(['ann: valid']);
    });

    test('a username of 50 characters and a query of 50 are fine', async () => {
      const username = 'Az09'.repeat(12).concat('zz');
      const client = await (await open()).newUser(username);
      const found = { status: Status.found, usernames: [username] };
      expect(await client.search(username)).toEqual(found);
      expect(await client.search('*'.repeat(50))).toEqual(found);
      expect(await client.send(username, 'hi')).toEqual({ status: Status.delivered });
      expect(await receive(client, 1)).toEqual([`${username}: hi`]);
    });

    test('a body of 262 characters, and every printable character but |, arrive as they were sent', async () => {
      const ann = await (await open()).newUser('ann');
      const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i))
        .join('')
        .replace('|', '');
      const bodies = ['x'.repeat(262), printable, '  x  y  ', ': ', '8'];
      for (const body of bodies) {
        expect(await ann.send('ann', body)).toEqual({ status: Status.delivered });
      }
      expect(await receive(ann, bodies.length)).toEqual(bodies.map((body) => `ann: ${body}`));
    });

    test('while logged out, 120 comes before 122', async () => {
      const client = await (await open()).connect();
      expect(await client.send('not valid', 'hi')).toEqual({ status: Status.notLoggedIn });
      expect(await client.send('ann', 'a|b')).toEqual({ status: Status.notLoggedIn });
    });

    test('while logged in, 121 comes before 122', async () => {
      const ann = await (await open()).newUser('ann');
      expect(await ann.login('not valid')).toEqual({ status: Status.sessionInUse });
    });
  });
}

/** Makes a call with each text, and returns the descriptions with the outcomes. */
async function outcomesOf<Outcome>(
  cases: Cases,
  call: (text: string) => Promise<Outcome>,
): Promise<[what: string, outcome: Outcome][]> {
  const outcomes: [string, Outcome][] = [];
  for (const [what, text] of cases) outcomes.push([what, await call(text)]);
  return outcomes;
}

function allRefused(cases: Cases): [what: string, outcome: unknown][] {
  return cases.map(([what]) => [what, { status: Status.invalidContent }]);
}
