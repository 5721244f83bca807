import type { ChatClient, SearchOutcome } from '@tandem/core';
import type { Actor } from './actor.ts';

/** The participants: alice on one wire, bob on the other. */
interface Cast {
  readonly alice: Actor;
  readonly bob: Actor;
  /** Opens another connection for bob. */
  connectBob(): Promise<ChatClient>;
}

/** One thing that happens, and what came of it. */
export interface Step {
  readonly title: string;
  /** Does it, and tells what came of it. */
  run(cast: Cast): Promise<string>;
}

/**
 * The story: two people meet, talk, miss each other and catch up. Then one blocks the other for a while,
 * takes a secret, loses the connection, and goes on with the session on another one.
 */
export const story: readonly Step[] = [
  { title: 'alice registers', run: ({ alice }) => outcome(alice.client.register('alice')) },
  { title: 'bob registers', run: ({ bob }) => outcome(bob.client.register('bob')) },
  { title: 'alice logs in', run: ({ alice }) => outcome(alice.client.login('alice')) },
  { title: 'bob logs in', run: ({ bob }) => outcome(bob.client.login('bob')) },
  { title: 'alice looks for b*', run: async ({ alice }) => names(await alice.client.search('b*')) },
  { title: 'bob looks for everybody', run: async ({ bob }) => names(await bob.client.search('')) },
  {
    title: 'alice writes, bob reads',
    run: async ({ alice, bob }) => {
      await alice.client.send('bob', 'hi from a socket');
      return bob.readLine();
    },
  },
  {
    title: 'bob answers, alice reads',
    run: async ({ alice, bob }) => {
      await bob.client.send('alice', 'hi from a stream');
      return alice.readLine();
    },
  },
  { title: 'bob logs out', run: ({ bob }) => outcome(bob.client.logout()) },
  {
    title: 'alice writes all the same',
    run: async ({ alice }) => {
      await alice.client.send('bob', 'still there?');
      return 'stored for later';
    },
  },
  {
    title: 'bob logs in, catches up',
    run: async ({ bob }) => {
      await bob.client.login('bob');
      return bob.readLine();
    },
  },
  {
    title: 'bob blocks alice',
    async run({ alice, bob }) {
      await bob.client.block('alice');
      const refused = await alice.client.send('bob', 'hello?');
      return `alice is told: ${refused.status}`;
    },
  },
  { title: 'bob forgives alice', run: ({ bob }) => outcome(bob.client.unblock('alice')) },
  {
    title: 'bob takes a secret',
    run: ({ bob }) => outcome(bob.client.changeSecret('', 'seven blue cats')),
  },
  {
    title: 'bob is cut off, resumes',
    async run({ bob, connectBob }) {
      const { client } = bob;
      await client.close();
      if (client.resumption === undefined) return 'no session to resume';
      bob.goOnWith(await connectBob());
      return outcome(bob.client.resume(client.resumption));
    },
  },
  { title: 'bob deletes his account', run: ({ bob }) => outcome(bob.client.delete()) },
  { title: 'alice logs out', run: ({ alice }) => outcome(alice.client.logout()) },
];

async function outcome(response: Promise<{ readonly status: number }>): Promise<string> {
  return `status ${(await response).status}`;
}

function names(found: SearchOutcome): string {
  return 'usernames' in found ? found.usernames.join(', ') : 'nobody';
}
