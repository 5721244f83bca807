/** The bytes of a frame before its content: a code and the length of the content. [P-6.2, P-6.3] */
export const headerBytes = 3;

/**
 * Encodes a frame: `code u8`, `length u16 big-endian`, `content`.
 *
 * @param code an operation, or a status that has content
 * @param content ASCII, at most 65,535 bytes
 */
export function encodeFrame(code: number, content: string): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes + content.length);
  frame[0] = code;
  frame[1] = content.length >> 8;
  frame[2] = content.length & 0xff;
  if (content.length > shortCharsMax) frame.write(content, headerBytes, 'latin1');
  else for (let at = 0; at < content.length; at++) frame[headerBytes + at] = content.charCodeAt(at);
  return frame;
}

// So few characters are written faster one by one than by a call of native code.
const shortCharsMax = 16;
