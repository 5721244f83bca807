/** The first byte of a framed connection, both ways: high bit set, version 1. [P-6.1] */
export const framedVersion = 0x81;

/** Whether a connection's first byte announces the framed dialect, of whatever version. [P-6.1] */
export function isFramedVersion(firstByte: number): boolean {
  return firstByte >= 0x80;
}
