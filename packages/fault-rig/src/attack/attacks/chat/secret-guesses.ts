import { FramedResponseDecoder } from '@tandem/core';
import type { Attacker } from '../../attacker/attacker.ts';
import { hello, request } from '../../wire/framed.ts';
import { keepHttp2 } from '../../wire/http2-connection.ts';
import { field } from '../../wire/http2-frame.ts';
import { type Attack, guardedName } from '../attack.ts';

const connections = 1_000;
const guessesPerWrite = 8;
const callsPerConnection = 4;

/** The name and the secret that a connection tries next. */
type Guess = (attacker: Attacker, which: number, guess: number) => [name: string, secret: string];

/** Guesses at one of the accounts with a secret. */
function atGuarded(index: number): Guess {
  const name = guardedName(index);
  return (attacker, which, guess) => [name, `guess ${attacker.order.part} ${which} ${guess}`];
}

/** The same guess at one account after the other. */
const atMany: Guess = ({ order }, which, guess) => [
  `user${order.part}x${which}x${guess}`,
  'what many people take',
];

/** Guesses over sockets; each connection waits for the responses. */
async function guessOverSockets(attacker: Attacker, next: Guess): Promise<void> {
  await attacker.keep(attacker.share(connections), async (which) => {
    const connection = await attacker.connect('socket');
    if (connection === undefined) return undefined;
    const responses = new FramedResponseDecoder();
    let owed = 0;
    let onResponse = () => {};
    let isFirst = true;
    connection.read((bytes) => {
      // The first byte is the version.
      responses.push(isFirst ? bytes.subarray(1) : bytes);
      isFirst = false;
      for (let response = responses.next(); response !== undefined; response = responses.next()) {
        if (response.kind === 'unknown-status') return connection.reset();
        attacker.count(`answered ${response.status}`);
        owed--;
      }
      onResponse();
    });
    void connection.closed.then(() => onResponse());
    void attacker.over.then(() => onResponse());
    await connection.write(hello);
    for (let guess = 0; connection.isOpen && !attacker.isOver; guess += guessesPerWrite) {
      while (owed > 0 && connection.isOpen && !attacker.isOver) {
        await new Promise<void>((resolve) => {
          onResponse = resolve;
        });
      }
      owed += guessesPerWrite;
      const guesses = Array.from({ length: guessesPerWrite }, (_, i) =>
        request('loginWithSecret', next(attacker, which, guess + i).join('|')),
      );
      await connection.write(Buffer.concat(guesses));
    }
    return true;
  });
}

/** Guesses by calls, a few at once on each connection. */
async function guessByCalls(attacker: Attacker, next: Guess): Promise<void> {
  await keepHttp2(attacker, { times: attacker.share(connections) }, async (connection, which) => {
    for (let guess = 0; connection.isOpen && !attacker.isOver; guess++) {
      await connection.callsBelow(callsPerConnection);
      const [name, secret] = next(attacker, which, guess);
      const message = Buffer.concat([field(1, name), field(2, secret)]);
      await connection.call('/MessageService/LoginWithSecret', message);
    }
  });
}

// The defaults of tandem serve.
const triesPerAccount = 10;
const triesPerAddress = 50;
const tries = {
  perAccount: { atOnce: triesPerAccount, perSecond: 1 / 60 },
  perAddress: { atOnce: triesPerAddress, perSecond: 1 / 12 },
};
const heldBy =
  'the server counts tries before it hashes anything, and refuses one too many after one to two seconds; one thread hashes one of at most 64';

/** Guesses of secrets. */
export const secretGuesses: readonly Attack[] = [
  {
    name: 'guess-account-sockets',
    does: '1,000 socket connections from as many addresses guess the secret of one account',
    addresses: connections,
    needs: { guarded: 1 },
    tries: tries.perAccount,
    run: (attacker: Attacker) => guessOverSockets(attacker, atGuarded(0)),
  },
  {
    name: 'guess-account-unary',
    does: '1,000 gRPC connections from as many addresses guess the secret of one account',
    addresses: connections,
    honest: ['unary send'] as const,
    // The account is not the one that is guessed over sockets: the tries of each are counted.
    needs: { guarded: 2 },
    tries: tries.perAccount,
    run: (attacker: Attacker) => guessByCalls(attacker, atGuarded(1)),
  },
  {
    name: 'guess-accounts-sockets',
    does: '1,000 socket connections of one address try one secret at one account after the other',
    tries: tries.perAddress,
    run: (attacker: Attacker) => guessOverSockets(attacker, atMany),
  },
].map((attack) => ({ ...attack, family: 'secrets', heldBy, processes: 2 }) as const);
