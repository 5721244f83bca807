import { loadContract, loadMessageService } from '@tandem/protos';
import type { Annotators } from '../annotator.ts';
import { WireError } from '../dissector.ts';
import type { BodyDissectors } from '../http2/connection.ts';
import { statusWords } from '../sockets/text.ts';
import { BareMessage, GrpcMessages } from './messages.ts';
import type { FieldShape, MessageShape } from './protobuf.ts';

/** The bodies of the calls of MessageService: messages as the contract has them. */
export const contractBodies: BodyDissectors = (path, annotators) =>
  bodiesOf(methodAt(path), annotators, 'response', GrpcMessages);

/** The bodies of the bare echo of MessageService, which sends the request of a Send back as its response. */
export const echoedBodies: BodyDissectors = (path, annotators) =>
  bodiesOf(methodAt(path), annotators, echoed(path), GrpcMessages);

/** The same where a body is one message without a prefix. */
export const bareEchoedBodies: BodyDissectors = (path, annotators) =>
  bodiesOf(methodAt(path), annotators, echoed(path), BareMessage);

function echoed(path: string): 'request' | 'response' {
  return path === sendPath ? 'request' : 'response';
}

const sendPath = '/MessageService/Send';

// What the loader gives besides what its types say.
interface Method {
  readonly path: string;
  readonly requestType: Definition;
  readonly responseType: Definition;
}

interface Definition {
  readonly type: Descriptor;
}

/** The part of DescriptorProto (descriptor.proto) that is used here. */
interface Descriptor {
  readonly name: string;
  readonly field: readonly FieldDescriptor[];
}

interface FieldDescriptor {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  readonly typeName: string;
}

function methodAt(path: string): Method {
  const methods: object[] = Object.values(loadMessageService());
  const method = (methods as Method[]).find((method) => method.path === path);
  if (method === undefined) throw new WireError(`the contract has no ${path}`);
  return method;
}

function bodiesOf(
  { requestType, responseType }: Method,
  { sent, received }: Annotators,
  echoed: 'request' | 'response',
  Body: typeof GrpcMessages | typeof BareMessage,
): ReturnType<BodyDissectors> {
  const request = shapeOf(requestType.type);
  const response = echoed === 'request' ? request : shapeOf(responseType.type);
  return { sent: new Body(request, sent), received: new Body(response, received) };
}

/** The shape of a message of the contract, by its name. */
export function messageShape(name: string): MessageShape {
  const definition: object | undefined = loadContract()[name];
  if (definition === undefined) throw new WireError(`the contract has no ${name}`);
  return shapeOf((definition as Definition).type);
}

function shapeOf({ name, field: fields }: Descriptor): MessageShape {
  return { name, fields: new Map(fields.map((field) => [field.number, fieldShapeOf(field)])) };
}

function fieldShapeOf({ name: loadedName, type, typeName }: FieldDescriptor): FieldShape {
  // The loader writes names as JavaScript does. Here they are those of the contract.
  const name = loadedName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  switch (type) {
    case 'TYPE_STRING':
      return { name, kind: 'text' };
    case 'TYPE_INT32':
    case 'TYPE_UINT32':
    case 'TYPE_UINT64':
    case 'TYPE_BOOL':
      return { name, kind: 'number', ...(name === 'status_code' && { words: statusWords }) };
    case 'TYPE_MESSAGE':
      return { name, kind: 'message', shape: () => messageShape(typeName) };
    default:
      throw new WireError(`nothing is known of the ${type} of ${name}`);
  }
}
