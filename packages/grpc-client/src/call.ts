import { type ClientRequest, Operation } from '@tandem/core';
import type { MessageServiceDefinition } from '@tandem/protos';

/** What the response of any call has; each has its own lists, or none. */
export interface CallResponse {
  readonly statusCode: number;
  readonly messages?: { readonly sender: string; readonly body: string }[];
  readonly results?: string[];
}

/** A method of the contract as far as a call of any of them goes. */
export interface CallMethod {
  readonly path: string;
  readonly requestSerialize: (request: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => CallResponse;
}

/** The call that asks for something: its name in the contract and its request. */
export interface Call {
  readonly name: 'Register' | 'Login' | 'Search' | 'Send' | 'Logout' | 'Delete';
  readonly argument: object;
}

/** The call for a request. */
export function callOf(request: ClientRequest): Call {
  switch (request.operation) {
    case Operation.register:
      return { name: 'Register', argument: request };
    case Operation.login:
      return { name: 'Login', argument: { username: request.username, acknowledges: true } };
    case Operation.search:
      return { name: 'Search', argument: request };
    case Operation.send:
      return { name: 'Send', argument: request };
    case Operation.logout:
      return { name: 'Logout', argument: request };
    case Operation.delete:
      return { name: 'Delete', argument: request };
  }
}

/** A method of the contract, its codec ready to be used. */
export function methodOf(
  service: MessageServiceDefinition,
  name: Call['name'] | 'Acknowledge',
): CallMethod {
  return service[name] as CallMethod;
}
