import { fileURLToPath } from 'node:url';
import { loadSync, type Options, type PackageDefinition } from '@grpc/proto-loader';
import type { MessageServiceDefinition } from './generated/MessageService.ts';
import { isWellFormed, type Shape } from './wire-format.ts';

/** The path of the contract. */
export const contractPath = fileURLToPath(new URL('../messageservice.proto', import.meta.url));

/**
 * The options that shape messages in the program. The committed types are generated with the same
 * options.
 *
 * A small frame takes some 60 to 350 ns to write and 30 to 250 ns to read, and what these options
 * cost of that cannot be told from the noise: they are chosen for what they say.
 */
export const loaderOptions = {
  // `statusCode`, as names are written here; the wire knows numbers only.
  keepCase: false,
  // A count as a plain number; as a string it takes 200 ns more to read. What is above 2^53 loses
  // digits but stays above, and is refused.
  longs: Number,
  // A field that was not sent reads as '', 0, false or [], which is what it means on the wire.
  // Includes `arrays`, and leaves the members of a oneof out.
  defaults: true,
  // `frame.request` names the member of the oneof that was sent.
  oneofs: true,
} satisfies Options;

let contract: PackageDefinition | undefined;

/**
 * The whole contract, services and messages, as reflection shows it.
 *
 * Read and compiled at the first call, and shared after that: it takes some milliseconds, and each
 * copy would have codecs of its own to warm up.
 */
export function loadContract(): PackageDefinition {
  contract ??= readingWholeMessages(loadSync(contractPath, loaderOptions));
  return contract;
}

/**
 * MessageService, typed: what a gRPC server adds and a gRPC client is made from.
 *
 * Its codecs write what they are given, defaults too: leave out what is '', 0 or false. Reading
 * throws on bytes that are no message.
 */
export function loadMessageService(): MessageServiceDefinition {
  return loadContract().MessageService as unknown as MessageServiceDefinition;
}

/** The part of proto-loader's description of a message that is used here. */
interface MessageType {
  readonly type: {
    readonly field: readonly { number: number; type: string; typeName: string }[];
  };
}

/** A method of the service, with what proto-loader says of its messages. */
interface Method {
  readonly requestType: MessageType;
  readonly responseType: MessageType;
  requestDeserialize(bytes: Buffer): unknown;
  responseDeserialize(bytes: Buffer): unknown;
}

/** Makes the reading of requests and responses throw on bytes that are no message; see {@link isWellFormed}. */
function readingWholeMessages(loaded: PackageDefinition): PackageDefinition {
  const shapeOf = ({ type }: MessageType, around: readonly string[] = []): Shape =>
    new Map(
      type.field
        .filter((field) => field.type === 'TYPE_MESSAGE')
        .map(({ number, typeName }) => [number, insideOf(typeName, around)]),
    );
  // Inside a type that stands around itself, a batch in a batch, nothing is looked for: nobody reads it.
  const insideOf = (typeName: string, around: readonly string[]): Shape =>
    around.includes(typeName)
      ? new Map()
      : shapeOf(loaded[typeName] as unknown as MessageType, [...around, typeName]);
  const whole = (read: (bytes: Buffer) => unknown, type: MessageType) => {
    const shape = shapeOf(type);
    return (bytes: Buffer) => {
      if (!isWellFormed(bytes, shape)) throw new RangeError('these bytes are no message');
      return read(bytes);
    };
  };
  const methods = Object.values(loaded.MessageService as unknown as Record<string, Method>);
  for (const method of methods) {
    method.requestDeserialize = whole(method.requestDeserialize, method.requestType);
    method.responseDeserialize = whole(method.responseDeserialize, method.responseType);
  }
  return loaded;
}
