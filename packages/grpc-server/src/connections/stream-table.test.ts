import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StreamTable } from './stream-table.ts';

it('a table of streams has what a map has', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(9))), (steps) => {
      const [table, plain] = [new StreamTable<string>(), new Map<number, string>()];
      for (const [index, [comes, id]] of steps.entries()) {
        if (comes) table.set(id, `${index}`);
        if (comes) plain.set(id, `${index}`);
        else expect(table.delete(id)).toBe(plain.delete(id));
        expect([table.size, table.has(id), table.get(id)]).toEqual([
          plain.size,
          plain.has(id),
          plain.get(id),
        ]);
      }
      const visited: [number, string][] = [];
      table.forEach((stream, id) => {
        visited.push([id, stream]);
      });
      expect(visited).toEqual([...plain]);
      expect([...table.values()]).toEqual([...plain.values()]);
    }),
  );
});
