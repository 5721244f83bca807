import { WireError } from '../dissector.ts';

/** Those settings that say how the other side may write. (RFC 9113, section 6.5.2) */
export interface Settings {
  readonly headerTableBytesMax?: number;
  readonly framePayloadBytesMax?: number;
}

const settingBytes = 6;
const headerTableSize = 0x1;
const maxFrameSize = 0x5;

/** Reads the payload of a SETTINGS frame. */
export function readSettings(payload: Buffer): Settings {
  if (payload.length % settingBytes !== 0) throw new WireError('SETTINGS that are cut off');
  const values = new Map<number, number>();
  for (let at = 0; at < payload.length; at += settingBytes) {
    values.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
  }
  const headerTableBytesMax = values.get(headerTableSize);
  const framePayloadBytesMax = values.get(maxFrameSize);
  return {
    ...(headerTableBytesMax !== undefined && { headerTableBytesMax }),
    ...(framePayloadBytesMax !== undefined && { framePayloadBytesMax }),
  };
}
