import protobuf from 'protobufjs';
import type { Lines, ProtoCount } from '../schema.ts';
import { splitLines } from './lines.ts';

/**
 * Counts one .proto file.
 *
 * @param path names the file in errors
 * @throws Error when the text is no protobuf schema
 */
export function countProto(path: string, text: string): ProtoCount {
  const count: ProtoCount = {
    lines: countProtoLines(text),
    messages: 0,
    fields: 0,
    oneofs: 0,
    enums: 0,
    enumValues: 0,
    services: 0,
    rpcs: 0,
    streamingRpcs: 0,
  };
  addDeclarations(count, parse(path, text).nestedArray);
  return count;
}

function parse(path: string, text: string): protobuf.Root {
  try {
    return protobuf.parse(text, { keepCase: true }).root;
  } catch (error) {
    throw new Error(`${path} cannot be counted: it is no protobuf schema`, { cause: error });
  }
}

function addDeclarations(
  count: ProtoCount,
  declarations: readonly protobuf.ReflectionObject[],
): void {
  for (const declaration of declarations) {
    if (declaration instanceof protobuf.Type) {
      count.messages++;
      count.fields += declaration.fieldsArray.length;
      // An `optional` field makes a oneof of its own that is not in the text.
      count.oneofs += declaration.oneofsArray.filter((oneof) => !oneof.isProto3Optional).length;
    } else if (declaration instanceof protobuf.Enum) {
      count.enums++;
      count.enumValues += Object.keys(declaration.values).length;
    } else if (declaration instanceof protobuf.Service) {
      const methods = declaration.methodsArray;
      count.services++;
      count.rpcs += methods.length;
      count.streamingRpcs += methods.filter(
        (rpc) => rpc.requestStream || rpc.responseStream,
      ).length;
    }
    if (declaration instanceof protobuf.Namespace) addDeclarations(count, declaration.nestedArray);
  }
}

function countProtoLines(text: string): Lines {
  const withCode = new Set<number>();
  const tokens = protobuf.tokenize(text, false);
  while (tokens.next() !== null) withCode.add(tokens.line);

  const lines = splitLines(text);
  const blank = lines.filter((line) => line.trim() === '').length;
  return { code: withCode.size, comment: lines.length - withCode.size - blank, blank };
}
