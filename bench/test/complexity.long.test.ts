import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { complexitySchema, measureComplexity, renderComplexity } from '../src/complexity/index.ts';
import { splitGuards } from '../src/complexity/ways.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

describe('the report of this repository', () => {
  it('is plain data of its schema, and what the terminal shows of it agrees', async () => {
    const report = await measureComplexity(repository);
    expect(complexitySchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.misassigned).toEqual([]);

    const lines = new Map(report.roles.map(({ id, lines }) => [id, lines.code]));
    const sum = (...ids: string[]) =>
      ids.reduce((all, id) => all + (lines.get(id) ?? Number.NaN), 0);
    const ways = new Map(report.ways.map((way) => [way.id, way]));
    expect(ways.get('sockets-framed')?.lines.code).toBe(
      sum(
        ...['sockets/client', 'sockets/server', 'sockets/server/framed'],
        ...['sockets/contract', 'sockets/contract/framed'],
      ),
    );
    expect(ways.get('grpc-converse')?.lines.code).toBe(
      sum(
        ...['grpc/client', 'grpc/client/converse', 'grpc/server', 'grpc/server/converse'],
        ...['grpc/guards', 'grpc/contract'],
      ),
    );
    const split = splitGuards(report, 'grpc-converse');
    expect(split?.guards.lines.code).toBe(lines.get('grpc/guards'));
    expect(split?.rest.lines.code).toBe(
      (ways.get('grpc-converse')?.lines.code ?? 0) - (lines.get('grpc/guards') ?? 0),
    );
    expect(splitGuards(report, 'sockets-framed')?.guards.lines.code).toBe(0);
    expect(report.files.map(({ path }) => path)).toContain('protos/messageservice.proto');

    const leaning = report.leaning.map(({ entry, builtIns, packagesLoaded }) => ({
      entry,
      net: builtIns.find(({ name }) => name === 'node:net')?.importedBy[0],
      http2: builtIns.find(({ name }) => name === 'node:http2')?.importedBy,
      leans: packagesLoaded > 0,
    }));
    expect(leaning[0]).toEqual({
      entry: '@tandem/socket-client',
      net: '@tandem/socket-client',
      http2: undefined,
      leans: false,
    });
    expect(leaning[2]).toEqual({
      entry: '@tandem/grpc-client',
      net: '@tandem/grpc-client',
      http2: ['@grpc/grpc-js'],
      leans: true,
    });

    const text = renderComplexity(report);
    expect(text).toMatch(/@grpc\/grpc-js 1\./);
    expect(text).toContain(String(ways.get('grpc-converse')?.lines.code));
    expect(text).not.toMatch(/NOT COUNTED|NaN|undefined/);
    expect(stripVTControlCharacters(text)).toBe(text);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);

    const misassigned = [
      { path: 'protos/a.proto', roles: [] },
      { path: 'protos/b.proto', roles: ['one', 'two'] },
      { path: 'protos/c.sql', roles: ['one'] },
    ];
    expect(
      renderComplexity({ ...report, misassigned })
        .split('\n')
        .slice(0, 3),
    ).toEqual([
      expect.stringContaining('NOT COUNTED: protos/a.proto has no role'),
      expect.stringContaining('NOT COUNTED: protos/b.proto has roles one, two'),
      expect.stringContaining('NOT COUNTED: protos/c.sql has no counter'),
    ]);
  });
});
