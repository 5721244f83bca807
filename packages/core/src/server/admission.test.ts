import { describe, expect, it } from 'vitest';
import { Admission, type AdmissionLimits } from './admission.ts';

const unlimited = Number.POSITIVE_INFINITY;

/** Connections are names: `a1` is of the address `a`, and has a session if it is of capitals. */
function doorWith(limits: Partial<AdmissionLimits>) {
  const displaced: string[] = [];
  const admission = new Admission<string>(
    { connectionsMax: unlimited, connectionsPerAddressMax: unlimited, ...limits },
    {
      hasSession: (connection) => connection === connection.toUpperCase(),
      displace: (connection) => void displaced.push(connection),
    },
  );
  const addressOf = (connection: string) => connection.slice(0, 1).toLowerCase();
  return {
    displaced,
    enter: (...connections: string[]) =>
      connections.map((connection) => admission.enter(addressOf(connection), connection)),
    leave: (connection: string) => admission.leave(addressOf(connection), connection),
  };
}

describe('Admission', () => {
  it('admits as many as there may be, and one more for each that is gone', () => {
    const door = doorWith({ connectionsMax: 2 });
    expect(door.enter('a1', 'b1', 'c1')).toEqual([undefined, undefined, 'serverFull']);
    door.leave('a1');
    expect(door.enter('d1', 'e1')).toEqual([undefined, 'serverFull']);
    expect(door.displaced).toEqual([]);
  });

  it('counts each address apart', () => {
    const door = doorWith({ connectionsPerAddressMax: 1 });
    expect(door.enter('a1', 'a2', 'b1')).toEqual([undefined, 'addressFull', undefined]);
    door.leave('a1');
    expect(door.enter('b2', 'a3')).toEqual(['addressFull', undefined]);
  });

  it('does not count those whom it refuses, nor those who leave twice', () => {
    const door = doorWith({ connectionsMax: 2, connectionsPerAddressMax: 1 });
    door.enter('a1', 'a2', 'a3', 'a4');
    for (let i = 0; i < 3; i++) door.leave('a2');
    expect(door.enter('b1', 'c1')).toEqual([undefined, 'serverFull']);
  });

  it('takes a place from the address that has most for one that has less, when it is full', () => {
    const door = doorWith({ connectionsMax: 4 });
    door.enter('a1', 'a2', 'a3', 'b1');
    expect(door.enter('a4')).toEqual(['serverFull']);
    expect(door.enter('c1')).toEqual([undefined]);
    expect(door.displaced).toEqual(['a1']);
    // Now it would only change places.
    expect(door.enter('b2', 'c2')).toEqual(['serverFull', 'serverFull']);
    expect(door.enter('d1')).toEqual([undefined]);
    expect(door.displaced).toEqual(['a1', 'a2']);
    door.leave('a1');
    expect(door.enter('e1')).toEqual(['serverFull']);
  });

  it('takes it from a connection without a session, if there is one', () => {
    const door = doorWith({ connectionsMax: 4 });
    door.enter('A1', 'A2', 'a3', 'A4', 'b1');
    expect(door.displaced).toEqual(['a3']);
    door.enter('c1');
    expect(door.displaced).toEqual(['a3', 'A1']);
  });

  it('knows who has most after many have come and gone', () => {
    const door = doorWith({ connectionsMax: 30 });
    for (let i = 0; i < 20; i++) door.enter(`a${i}`);
    for (let i = 0; i < 10; i++) door.enter(`b${i}`);
    for (let i = 0; i < 19; i++) door.leave(`a${i}`);
    for (let i = 10; i < 29; i++) door.enter(`b${i}`);
    door.enter('c1');
    expect(door.displaced).toEqual(['b0']);
  });
});
