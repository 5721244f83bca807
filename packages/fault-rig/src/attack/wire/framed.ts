import { encodeFramedRequest, framedVersion, Operation } from '@tandem/core';

/** The first bytes of a framed client. */
export const hello = Buffer.from([framedVersion]);

/** A request over sockets. */
export function request(operation: keyof typeof Operation, content: string): Buffer {
  return Buffer.from(encodeFramedRequest(Operation[operation], content));
}
