import type { Lane } from '../lane.ts';
import { connectEcho, lane as netEcho, startEchoServer } from './net-echo.ts';

/** The delay that a trustworthy rig must detect, in microseconds. */
const delayUs = 50;

/** Tests that the rig detects a server that works for a known time. */
export const lane: Lane = netEchoDelayedBy(delayUs);

/** The net echo with a server that works for so many microseconds before it writes. */
export function netEchoDelayedBy(injectedUs: number): Lane {
  const delayNs = BigInt(injectedUs) * 1_000n;
  return {
    ...netEcho,
    name: 'net-echo-delayed',
    title: `net echo, ${injectedUs} µs slower`,
    description: `The bare net echo, whose server is busy for ${injectedUs} µs before it answers a read; one operation at a time, so that a read is an operation.`,
    baselines: ['net-echo'],
    depthMax: 1,
    injectedUs,
    settings: {
      ...netEcho.settings,
      otherOptions: `${netEcho.settings.otherOptions}; the server works for ${injectedUs} µs for each read`,
    },
    startServer: () =>
      startEchoServer((socket, chunk) => {
        workFor(delayNs);
        socket.write(chunk);
      }),
    connect: connectEcho,
  };
}

function workFor(ns: bigint): void {
  const until = process.hrtime.bigint() + ns;
  while (process.hrtime.bigint() < until);
}
