/** The direction of bytes through a proxy. */
export type Direction = 'toServer' | 'toClient';

/** The faults of one direction. A fault that is left out does not happen. */
export interface DirectionFaults {
  /** Bytes wait for so long, in milliseconds, in their order; so does the end of the stream. */
  readonly delayMs?: number;
  /** Bytes pass no faster than this, at least 1, each connection by itself. */
  readonly bytesPerSecond?: number;
  /**
   * Each chunk is cut into pieces of at most so many bytes, at least 1. Each piece is a write of its
   * own, and has a turn of the event loop of its own.
   */
  readonly splitBytes?: number;
  /** Nothing passes while this is set, not even the end of the stream. */
  readonly stalled?: boolean;
}

/** The faults of a proxy. A fault that is left out does not happen. */
export interface Faults {
  readonly toServer?: DirectionFaults;
  readonly toClient?: DirectionFaults;
  /** New connections are taken and reset at once. Those that are open go on. */
  readonly refuseConnections?: boolean;
}

/** Checks the bounds of faults. @throws RangeError when one is beyond them */
export function checkFaults({ toServer = {}, toClient = {} }: Faults): void {
  for (const { delayMs = 0, bytesPerSecond = 1, splitBytes = 1 } of [toServer, toClient]) {
    // The longest time that setTimeout can wait for.
    if (!(delayMs >= 0 && delayMs < 2 ** 31)) throw new RangeError(`a delay of ${delayMs} ms`);
    if (!(bytesPerSecond >= 1)) throw new RangeError(`a rate of ${bytesPerSecond} bytes a second`);
    if (!(Number.isInteger(splitBytes) && splitBytes >= 1)) {
      throw new RangeError(`pieces of ${splitBytes} bytes`);
    }
  }
}
