import type { ServerHttp2Stream } from 'node:http2';
import type { InterceptedCall } from './call-hooks.ts';
import { shortLived } from './let-go.ts';

/** A response whose message is encoded already, in parts. */
export interface InParts {
  readonly parts: readonly Buffer[];
}

/**
 * Lets a call respond with a message in parts, which nobody joins. grpc-js copies each message, so that a long one is
 * in memory twice.
 *
 * @param stream that of the call, whose headers are sent before the message
 */
export function answerInParts(stream: ServerHttp2Stream, call: InterceptedCall): void {
  const sendMessage = call.sendMessage.bind(call);
  call.sendMessage = shortLived((message: unknown, callback) => {
    if (isInParts(message)) writeMessage(stream, message.parts, callback);
    else sendMessage(message, callback);
  });
}

/** Writes a message as gRPC frames it, and calls back when HTTP/2 has accepted it. Not when the call has ended. */
function writeMessage(
  stream: ServerHttp2Stream,
  parts: readonly Buffer[],
  onAccepted: () => void,
): void {
  if (stream.destroyed || stream.writableEnded) return;
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(
    parts.reduce((sum, part) => sum + part.length, 0),
    1,
  );
  // All of them in one write of HTTP/2.
  stream.cork();
  for (const part of [prefix, ...parts]) stream.write(part);
  stream.write(nothing, (error) => {
    if (!error) onAccepted();
  });
  process.nextTick(() => stream.uncork());
}

const nothing = Buffer.alloc(0);

function isInParts(message: unknown): message is InParts {
  return typeof message === 'object' && message !== null && 'parts' in message;
}
