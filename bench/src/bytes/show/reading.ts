/** Something that has to be known to read bytes. */
interface ReadingHelp {
  readonly about: string;
  /** Code stands between backticks. */
  readonly text: string;
}

/** The explanations that a reader of bytes needs, in the order in which they are needed. */
export const readingHelp: readonly ReadingHelp[] = [
  {
    about: 'Which bytes',
    text: "The payload of TCP on one connection, without TLS unless it is named. `incoming` and `acknowledge` are of the recipient's connection, all else is of the sender's.",
  },
  {
    about: 'A call',
    text: "A unary call of gRPC is one request and one response. On its connection it is a stream of HTTP/2; a client's streams have the numbers 1, 3, 5 and so on. What crosses are frames: HEADERS and DATA are the request; HEADERS, DATA and HEADERS once more, the trailers, are the response. END_HEADERS says that the headers are complete, END_STREAM that this side sends nothing more on the stream. Both sides are grpc-js, gRPC in JavaScript, on top of the HTTP/2 of Node.js.",
  },
  {
    about: 'Converse',
    text: 'A Converse call does not end: its stream stays open, and each request and each response is a message in a DATA frame on it.',
  },
  {
    about: 'HPACK',
    text: 'HPACK writes headers short. Both sides know a table of 61 common headers (static, 1 to 61). Each direction also fills one of its own with headers that were sent (dynamic, from 62; the newest is 62). A header in a table is one byte, 128 plus its number: `83` is 3, `c3` is 67. Any other is a literal: `04` is a name by its number, 4, and then a value, not remembered; `1f 08` (15 + 8 = 23) is the same, never to be remembered. A length of 128 and more (`8f`: 128 + 15) says that the text is in Huffman code, where frequent characters take fewer bits.',
  },
  {
    about: 'Protobuf',
    text: "A message is its fields, each behind a tag; their names do not cross. A tag is 8 × the field's number + its kind: `0a` is field 1, kind 2 (a length follows), `08` is field 1, kind 0 (a varint: a number, 7 bits of it in each byte).",
  },
  {
    about: 'Secrets and tokens',
    text: 'The secret is the one of the script, the same in every recording. Tokens are random, another one each time, and marked so. The token of a unary session is 32 hexadecimal digits in a header; the Huffman code makes 20 to 24 bytes of them. The token to resume a session with is 43 characters of content, on every wire.',
  },
];
