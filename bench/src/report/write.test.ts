import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quickSample } from '../../test/sample-quick.ts';
import { onlyScenarios } from '../../test/sample-report.ts';
import { renderMarkdown } from './markdown/markdown.ts';
import { readReport } from './schema/read.ts';
import { renderTerminal } from './terminal/terminal.ts';
import { writeReport } from './write.ts';

// To draw fewer figures takes less time.
const sample = onlyScenarios(quickSample(), 'latency-1');
let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'tandem-report-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

describe('writing a report', () => {
  it('makes the directory, and puts three files into it and nothing else', async () => {
    const directory = join(parent, 'deep', 'down');
    await writeReport(sample, directory);
    expect(readdirSync(directory).sort()).toEqual(['report.html', 'report.json', 'report.md']);
    expect(readReport(directory)).toEqual(sample);
    expect(readFileSync(join(directory, 'report.md'), 'utf8')).toBe(renderMarkdown(sample));
    expect(readFileSync(join(directory, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('says in each layout what tells the machine from others of its kind', async () => {
    await writeReport(sample, parent);
    const files = ['report.md', 'report.html'].map((file) =>
      readFileSync(join(parent, file), 'utf8'),
    );
    for (const text of [...files, renderTerminal(sample, { color: false })]) {
      const words = text.replaceAll(/\s+/g, ' ');
      expect(words).toContain('an entry into the kernel');
      expect(words).toContain('4.20 µs; across cores 14.0 µs');
      expect(words).toContain('32768K of cores 0-1');
      expect(words).toContain('spec rstack overflow Mitigation: Safe RET');
    }
  });

  it('replaces the report that was there', async () => {
    await writeReport(sample, parent);
    await writeReport({ ...sample, title: 'another' }, parent);
    expect(readReport(parent).title).toBe('another');
  });

  it('writes nothing when the report does not have its own shape', async () => {
    const wrong = { ...sample, startedAt: 'yesterday' };
    await expect(writeReport(wrong, join(parent, 'new'))).rejects.toThrow('startedAt');
    expect(readdirSync(parent)).toEqual([]);
  });

  it('keeps what was measured even if a page cannot be written, and leaves nothing half done', async () => {
    mkdirSync(join(parent, 'report.html'));
    await expect(writeReport(sample, parent)).rejects.toThrow('report.html');
    expect(readdirSync(parent).sort()).toEqual(['report.html', 'report.json', 'report.md']);
    expect(readReport(parent)).toEqual(sample);
  });
});
