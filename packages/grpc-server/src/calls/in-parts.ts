import type { ServerHttp2Stream } from 'node:http2';
import type { InterceptedCall } from './call-hooks.ts';
import { shortLived } from './let-go.ts';

/** A response whose message is encoded already, in parts. */
export interface InParts {
  readonly parts: readonly Buffer[];
}

// The parts that are written together: what follows waits until HTTP/2 has accepted them.
const groupBytes = 65_536;

/**
 * Lets a call respond with a message in parts, which nobody joins. grpc-js copies each message, so that a long one is
 * in memory twice; and it is one write, of which nobody knows how much a slow client has taken.
 *
 * @param stream that of the call, whose headers are sent before the message
 * @param onTaken called when the client has taken some of a message, and not yet all
 */
export function answerInParts(
  stream: ServerHttp2Stream,
  call: InterceptedCall,
  onTaken: () => void,
): void {
  const sendMessage = call.sendMessage.bind(call);
  call.sendMessage = shortLived((message: unknown, callback) => {
    if (!isInParts(message)) sendMessage(message, callback);
    else if (!stream.destroyed && !stream.writableEnded) {
      const groups = groupsOf([prefixOf(message.parts), ...message.parts]);
      writeGroups(stream, groups, onTaken, callback);
    }
  });
}

/** Writes groups one after the other, and calls back when HTTP/2 has accepted all. Not when the call has ended. */
function writeGroups(
  stream: ServerHttp2Stream,
  [group = [], ...others]: readonly (readonly Buffer[])[],
  onTaken: () => void,
  onAccepted: () => void,
): void {
  stream.cork();
  for (const part of group.slice(0, -1)) stream.write(part);
  stream.write(group.at(-1), (error) => {
    if (error) return;
    if (others.length === 0) {
      onAccepted();
    } else {
      onTaken();
      writeGroups(stream, others, onTaken, onAccepted);
    }
  });
  process.nextTick(() => stream.uncork());
}

/** Returns parts in groups that are no longer than need be. */
function groupsOf(parts: readonly Buffer[]): Buffer[][] {
  const groups: Buffer[][] = [];
  let bytes = groupBytes;
  for (const part of parts) {
    if (bytes >= groupBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(part);
    bytes += part.length;
  }
  return groups;
}

/** Returns what gRPC has before a message: that it is not compressed, and its length. */
function prefixOf(parts: readonly Buffer[]): Buffer {
  const prefix = Buffer.alloc(5);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

function isInParts(message: unknown): message is InParts {
  return typeof message === 'object' && message !== null && 'parts' in message;
}
