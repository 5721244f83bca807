import type { Annotator, Annotators } from '../annotator.ts';
import { type ConnectionDissector, WireError } from '../dissector.ts';
import { UnitDissector } from '../unit-dissector.ts';
import { annotateHead, takeHead } from './head.ts';

/** Takes apart HTTP/1.1 with bodies of JSON that have a length. (RFC 9112) */
export function dissectHttp1(annotators: Annotators): ConnectionDissector {
  return {
    sent: new Http1Direction(annotators.sent),
    received: new Http1Direction(annotators.received),
  };
}

/** One direction: heads, each with the body that it announces. */
class Http1Direction extends UnitDissector {
  /** The length of the body that comes next; undefined where a head comes next. */
  #bodyBytes: number | undefined;

  protected override takeUnit(): boolean {
    return this.#bodyBytes === undefined ? this.#takeHead() : this.#takeBody(this.#bodyBytes);
  }

  #takeHead(): boolean {
    const head = takeHead(this.pending);
    if (head === undefined) return false;
    annotateHead(head, this.annotator);
    const text = head.toString('latin1');
    if (/^transfer-encoding:/im.test(text)) throw new WireError('a body without a length');
    const length = /^content-length: *([0-9]+)/im.exec(text)?.[1];
    this.#bodyBytes = length === undefined ? undefined : Number(length);
    return true;
  }

  #takeBody(bytes: number): boolean {
    const body = this.pending.take(bytes);
    if (body === undefined) return false;
    this.#bodyBytes = undefined;
    const text = body.toString('utf8');
    // Bytes that are no text would be read as others, and more of them.
    if (!Buffer.from(text).equals(body)) throw new WireError('a body that is no UTF-8');
    if (bytes > 0) annotateJson(text, this.annotator);
    return true;
  }
}

/** Annotates a JSON text: the strings that are values are content, everything else is JSON. */
function annotateJson(text: string, annotator: Annotator): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new WireError('a body that is no JSON', { cause: error });
  }
  let at = 0;
  const add = (layer: 'json' | 'content', end: number) => {
    const piece = text.slice(at, end);
    annotator.add(layer, Buffer.byteLength(piece), layer === 'json' ? piece : `"${piece}"`);
    at = end;
  };
  annotator.within({ title: 'body, JSON', clause: 'RFC 8259' }, () => {
    for (const { 0: string, 1: inside = '', index } of text.matchAll(strings)) {
      if (/^\s*:/.test(text.slice(index + string.length))) continue;
      add('json', index + 1);
      add('content', index + 1 + inside.length);
    }
    add('json', text.length);
  });
}

const strings = /"((?:[^"\\]|\\.)*)"/g;
