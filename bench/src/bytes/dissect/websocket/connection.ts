import type { Annotators } from '../annotator.ts';
import type { ConnectionDissector } from '../dissector.ts';
import { annotateHead, takeHead } from '../http1/head.ts';
import { UnitDissector } from '../unit-dissector.ts';

/** Takes WebSocket apart: the HTTP/1.1 upgrade, then frames. (RFC 6455) */
export function dissectWebSocket(annotators: Annotators): ConnectionDissector {
  return {
    sent: new WebSocketDirection(annotators.sent),
    received: new WebSocketDirection(annotators.received),
  };
}

/** Opcodes from here on are of control frames: close, ping, pong. (RFC 6455, 5.2) */
const controlOpcodeMin = 8;
const shortHeaderBytes = 2;
const maskBytes = 4;

class WebSocketDirection extends UnitDissector {
  #upgraded = false;

  protected override takeUnit(): boolean {
    return this.#upgraded ? this.#takeFrame() : this.#takeUpgrade();
  }

  #takeUpgrade(): boolean {
    const head = takeHead(this.pending);
    if (head === undefined) return false;
    annotateHead(head, this.annotator);
    this.#upgraded = true;
    return true;
  }

  #takeFrame(): boolean {
    const start = this.pending.peek(0, shortHeaderBytes);
    if (start === undefined) return false;
    const lengthBytes = extendedLengthBytes(start);
    const masked = (start.readUInt8(1) & 0x80) !== 0;
    const headerBytes = shortHeaderBytes + lengthBytes + (masked ? maskBytes : 0);
    const header = this.pending.peek(0, headerBytes);
    if (header === undefined) return false;
    const payloadBytes = payloadLength(header, lengthBytes);
    if (this.pending.take(headerBytes + payloadBytes) === undefined) return false;
    const opcode = header.readUInt8(0) & 0x0f;
    const annotator = this.annotator;
    annotator.within({ title: `frame, opcode ${opcode}`, clause: 'RFC 6455, 5.2' }, () => {
      annotator.add('webSocket', 1, `opcode ${opcode}${bitWords(header.readUInt8(0))}`);
      const length = `length ${payloadBytes}${masked ? ', masked' : ''}`;
      annotator.add('webSocket', 1 + lengthBytes, length);
      if (masked) annotator.add('webSocket', maskBytes, 'mask');
      const isControl = opcode >= controlOpcodeMin;
      annotator.add(isControl ? 'webSocket' : 'content', payloadBytes, 'payload');
    });
    return true;
  }
}

/** The bits before an opcode, in words. */
function bitWords(first: number): string {
  const more = (first & 0x80) === 0 ? '; more fragments follow' : '';
  return (first & 0x70) === 0 ? more : `${more}; reserved bits, which an extension has to explain`;
}

function extendedLengthBytes(header: Buffer): 0 | 2 | 8 {
  const length = header.readUInt8(1) & 0x7f;
  if (length === 126) return 2;
  return length === 127 ? 8 : 0;
}

function payloadLength(header: Buffer, lengthBytes: 0 | 2 | 8): number {
  if (lengthBytes === 0) return header.readUInt8(1) & 0x7f;
  if (lengthBytes === 2) return header.readUInt16BE(shortHeaderBytes);
  return Number(header.readBigUInt64BE(shortHeaderBytes));
}
