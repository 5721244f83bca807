import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Annotation, Annotator } from './annotator.ts';

function annotating() {
  const annotations: Annotation[] = [];
  const annotator = Annotator.of((annotation) => annotations.push(annotation));
  const told = () =>
    annotations.map(({ offset, length, meaning, parts }) => [
      offset,
      length,
      meaning,
      parts.map(({ title }) => title).join(' > '),
    ]);
  return { annotator, told };
}

describe('Annotator', () => {
  it('gives bytes their places and the parts that they are in', () => {
    const { annotator, told } = annotating();
    annotator.add('framing', 1, 'version');
    annotator.within({ title: 'request' }, () => {
      annotator.add('framing', 3, 'header');
      annotator.add('content', 0, 'nothing');
      annotator.add('content', 5, 'username');
    });
    annotator.add('framing', 1, 'next');
    expect(told()).toEqual([
      [0, 1, 'version', ''],
      [1, 3, 'header', 'request'],
      [4, 5, 'username', 'request'],
      [9, 1, 'next', ''],
    ]);
  });

  it('keeps the places of what is carried in pieces, and annotated later', () => {
    const { annotator, told } = annotating();
    const inner = annotator.carried();
    for (const title of ['one', 'two']) {
      annotator.within({ title }, () => {
        annotator.add('http2Frames', 9, 'header');
        annotator.carry(4, inner);
      });
    }
    inner.within({ title: 'message' }, () => {
      inner.add('grpcPrefix', 5, 'prefix');
      inner.add('content', 3, 'text');
    });
    expect(told()).toEqual([
      [0, 9, 'header', 'one'],
      [13, 9, 'header', 'two'],
      [9, 4, 'prefix', 'one > message'],
      [22, 1, 'prefix', 'two > message'],
      [23, 3, 'text', 'two > message'],
    ]);
  });

  it('refuses to annotate what was not carried', () => {
    const { annotator } = annotating();
    const inner = annotator.carried();
    annotator.carry(2, inner);
    expect(() => inner.add('content', 3, 'text')).toThrow('not carried');
  });

  it('annotates each byte once, however streams carry each other', () => {
    const step = fc.record({ depth: fc.nat(2), bytes: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const annotations: Annotation[] = [];
        const root = Annotator.of((annotation) => annotations.push(annotation));
        const stack = [root, root.carried(), root.carried()] as const;
        const pending = [0, 0];
        for (const { depth, bytes } of steps) {
          for (let at = 0; at < depth; at++) {
            stack[at as 0 | 1].carry(bytes, stack[(at + 1) as 1 | 2]);
          }
          if (depth === 0) root.add('framing', bytes, 'outside');
          else pending[depth - 1] = (pending[depth - 1] ?? 0) + bytes;
        }
        stack[1].add('protobuf', pending[0] ?? 0, 'inside');
        stack[2].add('content', pending[1] ?? 0, 'innermost');
        const sorted = annotations.toSorted((a, b) => a.offset - b.offset);
        let at = 0;
        for (const { offset, length } of sorted) {
          expect(offset).toBe(at);
          at += length;
        }
        expect(at).toBe(steps.reduce((sum, { bytes }) => sum + bytes, 0));
      }),
    );
  });
});
