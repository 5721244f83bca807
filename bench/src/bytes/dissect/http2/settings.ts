import type { Annotator } from '../annotator.ts';
import { WireError } from '../dissector.ts';

/** The settings that bound what the other side may write. (RFC 9113, section 6.5.2) */
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

const settingNames: ReadonlyMap<number, string> = new Map([
  [0x1, 'HEADER_TABLE_SIZE'],
  [0x2, 'ENABLE_PUSH'],
  [0x3, 'MAX_CONCURRENT_STREAMS'],
  [0x4, 'INITIAL_WINDOW_SIZE'],
  [0x5, 'MAX_FRAME_SIZE'],
  [0x6, 'MAX_HEADER_LIST_SIZE'],
  [0x8, 'ENABLE_CONNECT_PROTOCOL'],
  [0x9, 'NO_RFC7540_PRIORITIES'],
]);

/** Annotates the payload of a SETTINGS frame: a number and a value for each setting. */
export function annotateSettings(payload: Buffer, annotator: Annotator): void {
  for (let at = 0; at < payload.length; at += settingBytes) {
    const setting = payload.readUInt16BE(at);
    annotator.add('settings', 2, `setting ${settingNames.get(setting) ?? setting}`);
    annotator.add('settings', 4, `value ${payload.readUInt32BE(at + 2)}`);
  }
}
