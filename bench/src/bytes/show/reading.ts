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
    text: "The payload of TCP on one connection, without TLS unless it is named. `incoming` and `acknowledge` are on the recipient's connection, all other operations on the sender's.",
  },
  {
    about: 'A call',
    text: "A unary call of gRPC is one request and one response. On its connection it is a stream of HTTP/2. A client's streams have the numbers 1, 3, 5 and so on. A stream is made of frames. The request is HEADERS and DATA. The response is HEADERS, DATA, and HEADERS again, the trailers. END_HEADERS means that the headers are complete. END_STREAM means that this side sends nothing more on the stream. Both sides are grpc-js, gRPC in JavaScript, on top of the HTTP/2 of Node.js.",
  },
  {
    about: 'Converse',
    text: 'A Converse call does not end: its stream stays open. Each request and each response is a message in a DATA frame on it.',
  },
  {
    about: 'HPACK',
    text: 'HPACK writes headers short. Both sides know a table of 61 common headers (static, 1 to 61). Each direction also fills a table of its own with headers that were sent (dynamic, from 62; the newest is 62). A header in a table is one byte, 128 plus its number: `83` is 3, `c3` is 67. Any other header is a literal. `04` is a name by its number, 4; its value follows and is not remembered. `1f 08` is a name by its number, 15 + 8 = 23; its value follows and must never be remembered. A length of 128 and more (`8f`: 128 + 15) means a text in Huffman code, where frequent characters take fewer bits.',
  },
  {
    about: 'Protobuf',
    text: "A message is its fields, each behind a tag. The names of fields do not cross. A tag is 8 × the field's number + its kind. `0a` is field 1, kind 2: a length follows. `08` is field 1, kind 0: a varint follows, a number with 7 bits in each byte.",
  },
  {
    about: 'Secrets and tokens',
    text: 'The secret is the same in every recording. A token is random, another one each time, and marked so. The token of a unary session is 32 hexadecimal digits in a header. The Huffman code makes 20 to 24 bytes of them. The token to resume a session with is 43 characters of content, on every wire.',
  },
];
