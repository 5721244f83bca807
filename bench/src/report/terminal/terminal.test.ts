import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../../test/sample-report.ts';
import type { Report } from '../schema/report.ts';
import { verdictWords } from '../words/verdict-words.ts';
import { renderTerminal } from './terminal.ts';

const sample = sampleReport();

const rendered = (report: Report, details = false) =>
  renderTerminal(report, { color: false, details });
const plain = rendered(sample);
const detailed = rendered(sample, true);
const partial = sampleReport({ partial: true });

describe('the report in a terminal', () => {
  it.each([true, false])('fits 100 columns (details %s)', (details) => {
    for (const text of [details ? detailed : plain, rendered(partial, details)]) {
      for (const line of text.split('\n')) {
        expect(Array.from(line).length, line).toBeLessThanOrEqual(100);
      }
    }
  });

  it('begins with the state, then one picture of the contenders, on the first screen', () => {
    const screen = plain.split('\n').slice(0, 24).join(' ').replace(/\s+/g, ' ');
    expect(screen).toMatch(/^CITABLE IN PART: other programs disturbed 6 of [\d,]+ runs/);
    for (const row of ['Latency:', 'Operations a second:', 'CPU:', 'Bytes:', 'Memory:'])
      expect(screen).toContain(row);
    expect(plain.replace(/\s+/g, ' ')).toContain(verdictWords(sample).headline.text);
  });

  it('says five sentences on what to choose, and each topic of the verdict once', () => {
    const bullets = plain.split('\n').filter((line) => line.startsWith('- '));
    expect(bullets).toHaveLength(5 + 7);
  });

  it('sets the published figures beside ours', () => {
    expect(plain).toMatch(/set-up, sockets .* µs .* µs .* 2\.20 ms\n/);
    expect(plain).toMatch(/set-up, gRPC unary .* ms .* ms .* 18\.9 ms\n/);
    expect(plain).toMatch(/op suite, sockets .* 2\.40 ms\n/);
    expect(plain).toMatch(/op suite, gRPC unary .* 18\.7 ms\n/);
    expect(plain).toMatch(/100 registers, sockets .* 17\.5 ms\n/);
    expect(plain).toMatch(/100 registers, gRPC unary .* 71\.2 ms\n/);
    expect(plain).toMatch(/100 registers, gRPC Converse .* ms ±[\d.]+% +6\n/);
  });

  it('has no control characters without colour, and the same text with it', () => {
    const colored = renderTerminal(sample, { color: true });
    expect(plain).toBe(stripVTControlCharacters(plain));
    expect(colored).not.toBe(plain);
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });

  it('marks what is not valid, with the figure and why', () => {
    const text = detailed;
    const [, mark] = /gRPC, unary +[\d.]+ .s ±[\d.]+% (!\d)/.exec(text) ?? [];
    expect(text).toContain(`${mark} not to be cited: achieved 3,127/s of 4,000/s`);
    expect(text).toMatch(/none !\d/);
    expect(text).toMatch(/!\d not to be cited: the server ended with code 134: out of memory/);
    expect(text).toContain(`3 of ${sample.cells.length} cells are not valid`);
  });

  it('says how much of it was disturbed', () => {
    expect(plain).toMatch(/\d+ of \d+ runs were disturbed, in 1 of \d+ cells/);
  });

  it('warns of a run that is not complete, not to be cited, or of lanes that disagree', () => {
    const odd = { lane: 'grpc-unary', agrees: false, difference: 'login: 8, not 9' };
    const text = rendered({
      ...sampleReport({ partial: true }),
      agreement: { agree: false, lanes: [odd] },
    });
    expect(text).toContain('PARTIAL: This run ended before its plan');
    expect(text).toContain('NOT CITABLE: it was interrupted in round 3 of 6.');
    expect(text).toContain(
      'NOT THE SAME: grpc-unary does not answer the op suite as the others do: login: 8, not 9',
    );
    expect(plain).not.toContain('NOT CITABLE');
  });

  it('says what was not asked, and why', () => {
    expect(detailed.replace(/\s+/g, ' ')).toContain(
      'sockets-seed: its protocol has no way to tell which response belongs to which request, so it cannot pipeline (registers-100-pipelined, throughput-16,',
    );
  });

  it('renders a report without a single cell', () => {
    const empty: Report = {
      ...sample,
      cells: [],
      results: [],
      ratios: [],
      skipped: [],
      wire: null,
      complexity: null,
      noise: { floors: [], injected: [] },
    };
    for (const details of [true, false]) {
      const text = rendered(empty, details).replace(/\s+/g, ' ');
      expect(text).toContain('cannot say which of them costs more');
      expect(text).not.toMatch(/undefined|NaN/);
    }
  });
});
