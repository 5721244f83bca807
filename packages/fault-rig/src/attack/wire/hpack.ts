// Header blocks of RFC 7541, without Huffman codes: enough for any request, and to break
// every rule. They are only written: an attacker does not read the headers of responses.

/** The entries of the static table at the beginning of every gRPC call. */
const staticIndex = {
  methodPost: 3,
  schemeHttp: 6,
  path: 4,
  authority: 1,
  contentType: 31,
} as const;

/** The number of the newest entry of the dynamic table. */
export const newestIndex = 62;

/** A reference to an entry of a table. [RFC 7541, 6.1] */
export function indexed(index: number): Buffer {
  return Buffer.from(integer(0x80, 7, index));
}

/** A header that is not added to a table. [RFC 7541, 6.2.2] */
export function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x00]), text(name), text(value)]);
}

/** A header that is added to the dynamic table. [RFC 7541, 6.2.1] */
export function kept(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x40]), text(name), text(value)]);
}

/** The headers of every gRPC call; `more` is a header block that follows them. */
export function callHeaders(path: string, more: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([
    indexed(staticIndex.methodPost),
    indexed(staticIndex.schemeHttp),
    named(staticIndex.path, path),
    named(staticIndex.authority, 'localhost'),
    named(staticIndex.contentType, 'application/grpc'),
    literal('te', 'trailers'),
    more,
  ]);
}

function named(index: number, value: string): Buffer {
  return Buffer.concat([Buffer.from(integer(0x00, 4, index)), text(value)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([Buffer.from(integer(0x00, 7, bytes.length)), bytes]);
}

/** A number after the first bits of a byte. [RFC 7541, 5.1] */
function integer(firstBits: number, prefixBits: number, value: number): number[] {
  const prefixMax = 2 ** prefixBits - 1;
  if (value < prefixMax) return [firstBits | value];
  const bytes = [firstBits | prefixMax];
  let rest = value - prefixMax;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return bytes;
}
