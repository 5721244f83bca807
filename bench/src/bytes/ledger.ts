import { z } from 'zod';
import { type Layer, layers } from './layers.ts';

const bytes = z.int().nonnegative();

/** Bytes of TCP payload each way. */
const traffic = z.strictObject({
  sent: bytes.describe('from client to server'),
  received: bytes.describe('from server to client'),
});

/** Bytes of a connection, each way. */
export type Traffic = z.infer<typeof traffic>;

/** One header of an HTTP/2 header block. */
const header = z.strictObject({
  direction: z.enum(['sent', 'received']),
  name: z.string(),
  value: z
    .string()
    .describe('what differs from run to run, a token, a date, a port, is left out: <token>'),
  representation: z
    .enum(['indexed', 'remembered', 'literal', 'never-indexed'])
    .describe('as a number; written out and remembered; written out each time; the same, by order'),
  bytes,
  range: z
    .tuple([bytes, bytes])
    .optional()
    .describe(
      'of a token and a date: the fewest and the most bytes, by what the Huffman code makes of a random token, by whether a date came behind its name in the table, and by whether the date is that of the response before',
    ),
});

/** A header of HTTP/2, and the bytes that it takes. */
export type WireHeader = z.infer<typeof header>;

const entry = z.strictObject({
  lane: z.string(),
  operation: z
    .string()
    .describe(
      'connect, one of the protocol, incoming, loginUnread (a login with unread messages), close',
    ),
  call: z
    .enum(['connection', 'first', 'warm'])
    .describe(
      'opening or closing a connection; the first such operation on it; one of the later ones',
    ),
  tls: z
    .boolean()
    .describe(
      'through a tunnel that speaks TLS 1.3 for both sides; a record for each of its reads',
    ),
  layers: z.partialRecord(z.enum(Object.keys(layers) as [Layer, ...Layer[]]), traffic),
  total: traffic.describe('the sum of the layers'),
  tap: traffic.describe('what the tap between client and server counted'),
  segments: traffic.describe(
    'how many chunks the tap read: at most as many TCP segments as were needed',
  ),
  dataSegments: traffic
    .optional()
    .describe(
      'TCP segments with data that client and server sent, as their kernel counted them (TCP_INFO); absent where it was not asked: off Linux, over TLS, while a connection opens or closes',
    ),
  headers: z
    .array(header)
    .optional()
    .describe('the headers in the header blocks, in order; HTTP/2 only'),
});

/** The bytes of each operation on each lane, by layer. */
export const wireLedgerSchema = z.strictObject({
  content: z
    .record(z.string(), z.string())
    .describe('the names and bodies that the operations used; an echo has its own'),
  entries: z.array(entry),
  page: z
    .literal('wire.html')
    .optional()
    .describe('the page beside the report that shows every byte; absent where there is none'),
  json: z
    .array(z.strictObject({ operation: z.string(), bytes: traffic }))
    .describe('the same content as JSON, one object each way, without any framing'),
});

/** The bytes of every operation, by lane and layer. */
export type WireLedger = z.infer<typeof wireLedgerSchema>;
/** The bytes of one operation on one lane. */
export type WireEntry = z.infer<typeof entry>;
