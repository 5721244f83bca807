import { encodeFramedRequest, framedVersion, Operation } from '@tandem/core';

/** What a framed client says first. */
export const hello = Buffer.from([framedVersion]);

/** A request over sockets. */
export function request(operation: keyof typeof Operation, content: string): Buffer {
  return Buffer.from(encodeFramedRequest(Operation[operation], content));
}
