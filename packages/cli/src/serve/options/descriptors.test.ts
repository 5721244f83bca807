import { describe, expect, it } from 'vitest';
import { roomForConnections } from './descriptors.ts';

describe('room for connections', () => {
  it('is what was asked for where the system allows it', () => {
    for (const files of [40_180, 100_000, Number.POSITIVE_INFINITY]) {
      expect(roomForConnections(20_000, files, 2)).toEqual({
        connectionsMax: 20_000,
        refusalsMax: 100,
      });
    }
  });

  it.each([82, 83, 96, 128, 256, 1_024, 4_096, 40_000])(
    'fits into %i open files, with some to spare for the server itself',
    (files) => {
      for (const transports of [1, 2]) {
        const room = roomForConnections(1_000_000, files, transports);
        if (room === undefined) continue;
        expect(room.connectionsMax).toBeGreaterThan(0);
        const used = room.connectionsMax * transports + room.refusalsMax;
        expect(used).toBeLessThanOrEqual(files - 76);
      }
    },
  );

  it('is less as soon as one file is missing', () => {
    expect(roomForConnections(20_000, 40_179, 2)?.connectionsMax).toBe(19_999);
  });

  it('is none where there are too few for a server', () => {
    expect(roomForConnections(1, 76, 1)).toBeUndefined();
    expect(roomForConnections(20_000, 83, 2)).toBeUndefined();
    expect(roomForConnections(20_000, 84, 2)).toEqual({ connectionsMax: 1, refusalsMax: 1 });
  });
});
