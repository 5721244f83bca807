import type { Lane } from '../lane.ts';
import { EchoClient, lane as netEcho } from './net-echo.ts';

// As our client has it.
const readBytesMax = 16 * 1024;

/** The floor of TCP with every optimization of our own client and server. */
export const lane: Lane = {
  ...netEcho,
  name: 'net-echo-tuned',
  title: 'net echo, tuned',
  description:
    'The bare net echo, whose client joins the writes of a turn of the event loop and reads into one buffer, as our own client does.',
  baselines: ['net-echo'],
  settings: {
    ...netEcho.settings,
    writes: 'joined by turn on the client; on the server one write for each read, whatever it held',
    otherOptions: `${netEcho.settings.otherOptions}; client: reads into one buffer of ${readBytesMax / 1024} KiB`,
  },
  connect: (target) => EchoClient.connect(target, { joinsWrites: true, readBytesMax }),
};
