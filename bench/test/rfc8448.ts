import { hex } from './wire-chunks.ts';

// The client's data in the simple handshake of RFC 8448, section 3: literals to test against.

/** TLS_AES_128_GCM_SHA256. */
export const cipherSuite = 0x1301;

/** CLIENT_TRAFFIC_SECRET_0. */
export const secret = hex('9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5');

/** A record of the bytes from 0 to 49. */
export const dataRecord = hex(`
  17 03 03 00 43 a2 3f 70 54 b6 2c 94 d0 af fa fe 82 28 ba 55 cb ef ac ea 42 f9 14 aa 66 bc ab 3f
  2b 98 19 a8 a5 b4 6b 39 5b d5 4a 9a 20 44 1e 2b 62 97 4e 1f 5a 62 92 a2 97 70 14 bd 1e 3d ea e6
  3a ee bb 21 69 49 15 e4`);

/** The record behind it: an alert, close_notify. */
export const alertRecord = hex(
  '17 03 03 00 13 c9 87 27 60 65 56 66 b7 4d 7f f1 15 3e fd 6d b6 d0 b0 e3',
);
