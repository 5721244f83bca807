import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { keyOfPart } from '@tandem/core/server';
import { batchFramesKey } from '@tandem/protos';

/** The metadata key of the token of a session. */
export const authorizationKey = 'authorization';

// No value that means something is as long: the longest is a token, or the path of a method.
const valueLengthMax = 256;

const hourMs = 3_600_000;
const unitMs: Readonly<Record<string, number>> = {
  H: hourMs,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};
const timerMsMax = 2 ** 31 - 1;

/**
 * Returns the headers of a call that grpc-js or a handler reads, the first 256 characters of each. grpc-js makes
 * metadata of whatever it gets, which stays with the call: of a binary header a buffer of each part between commas,
 * more than a megabyte of 8 KB. What nothing refers to Node.js keeps until V8 collects the old generation, since V8
 * places there each string whose text is outside its heap.
 */
export function neededHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const timeout = start(headers['grpc-timeout']);
  return {
    ':path': start(headers[':path']),
    'content-type': start(headers['content-type']),
    'grpc-timeout': isTooLong(timeout) ? undefined : timeout,
    [authorizationKey]: start(headers[authorizationKey]),
    [batchFramesKey]: start(headers[batchFramesKey]),
  };
}

/** Returns the first characters of a value, which do not refer to the rest. */
function start(value: string | string[] | undefined): string | undefined {
  // Only `set-cookie` is a list.
  if (typeof value !== 'string' || value.length <= valueLengthMax)
    return value as string | undefined;
  // A part of a string refers to the whole.
  return Buffer.from(value.slice(0, valueLengthMax), 'latin1').toString('latin1');
}

/**
 * Tells whether a timeout is longer than a timer of Node's can be, 24 days. grpc-js would make a
 * timer of it all the same, which ends at once, with a warning on standard error.
 */
function isTooLong(timeout: string | undefined): boolean {
  if (timeout === undefined) return false;
  const [, count = '', unit = ''] = /(\d{1,8})\s*([HMSmun])/.exec(timeout) ?? [];
  return Number(count) * (unitMs[unit] ?? 0) > timerMsMax;
}

let authorityKey: symbol | undefined;
let schemeKey: symbol | undefined;

/**
 * Takes the authority and the scheme of its call off a stream. Node.js keeps them for the streams that a server
 * pushes, which gRPC has none of. A client may write kilobytes into either. Does nothing where this version of
 * Node.js keeps them elsewhere.
 */
export function forgetOrigin(stream: ServerHttp2Stream): void {
  authorityKey ??= keyOfPart(stream, 'authority');
  schemeKey ??= keyOfPart(stream, 'protocol');
  const parts = stream as unknown as Record<symbol, unknown>;
  if (authorityKey !== undefined) parts[authorityKey] = undefined;
  if (schemeKey !== undefined) parts[schemeKey] = undefined;
}
