import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countProto } from './proto.ts';

const contract = `// A contract.
syntax = "proto3"; /* with a comment
  of two lines */ package a.b;

service Chat {
  rpc Send(Message) returns (Message); // unary
  rpc Watch(Message) returns (stream Message);
  rpc Push(stream Message) returns (Message) {}
}

// message Not { string a = 1; }
message Message {
  reserved 9;
  string sender = 1;
  optional string body = 2;
  repeated int32 counts = 3;
  map<string, int32> tags = 4;
  oneof kind {
    bool a = 5;
    Inner b = 6;
  }
  message Inner {
    string url = 1 [deprecated = true];
    enum Colour { NONE = 0; RED = 1; }
  }
}

enum Code { OK = 0; }
`;

describe('countProto', () => {
  it('counts what is declared, at every depth', () => {
    expect(countProto('a.proto', contract)).toEqual({
      lines: { code: 23, comment: 2, blank: 3 },
      messages: 2,
      fields: 7,
      oneofs: 1,
      enums: 2,
      enumValues: 3,
      services: 1,
      rpcs: 3,
      streamingRpcs: 2,
    });
  });

  it('takes no string for a comment', () => {
    const text = 'syntax = "proto3";\noption java_package =\n"//a /* b";\nmessage A {}\n';
    expect(countProto('a.proto', text).lines).toEqual({ code: 4, comment: 0, blank: 0 });
  });

  it('changes only the lines when the layout changes', () => {
    const filler = fc.constantFrom(' ', '\n', '\t', ' // message A {}\n', ' /* rpc\n */ ');
    const pieces = contract.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '').split(/\s+/);
    const { lines: _, ...declared } = countProto('a.proto', contract);
    fc.assert(
      fc.property(fc.infiniteStream(filler), (fillers) => {
        const text = pieces.map((piece) => piece + fillers.next().value).join('');
        expect(countProto('a.proto', text)).toMatchObject(declared);
      }),
      { numRuns: 200, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
    );
  });

  it('refuses a text that is not a schema, with the name of its file', () => {
    expect(() => countProto('broken.proto', 'message {')).toThrow('broken.proto');
  });
});
