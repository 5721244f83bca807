import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { citedWords, citeInto, writeCited } from '../src/citations/documents.ts';
import { sampleComplexity } from './sample-complexity.ts';
import { sampleReport } from './sample-report.ts';

const code = sampleComplexity();
const report = JSON.stringify(sampleReport());
const rounds = sampleReport().options.roundsDone;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-cite-'));
  for (const name of ['report', 'report-again']) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'report.json'), report);
  }
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(text: string | Uint8Array, name = 'a.md'): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const mark = '<!-- report: report -->';
const old = `${mark}\n\nThe report says it after 77<!-- rounds --> rounds.\n`;
const cited = old.replace('77', `${rounds}`);

describe('a document', () => {
  it('has its figures, and is left alone when it has them', async () => {
    const path = write(old);
    await writeCited(citeInto(path, code, undefined));
    expect(readFileSync(path, 'utf8')).toBe(cited);

    const { mtimeMs } = statSync(path);
    await writeCited(citeInto(path, code, undefined));
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(directory).sort()).toEqual(['a.md', 'report', 'report-again']);
  });

  it('may name its report by a path from the root', () => {
    const path = write(old.replace('report: report', `report: ${join(directory, 'report')}`));
    expect(citeInto(path, code, undefined).text).toContain(`after ${rounds}<!-- rounds -->`);
  });

  it('keeps its permissions, and stays a link', async () => {
    const path = write(old);
    chmodSync(path, 0o660);
    const link = join(directory, 'link.md');
    symlinkSync('a.md', link);
    await writeCited(citeInto(link, code, undefined));
    expect(readFileSync(path, 'utf8')).toBe(cited);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('is left as it is when another cannot be written', async () => {
    const path = write(old);
    const gone = { ...citeInto(path, code, undefined), path: join(directory, 'none', 'a.md') };
    await expect(writeCited(gone)).rejects.toThrow(/^cannot write .*: no such file or directory$/);
    expect(readFileSync(path, 'utf8')).toBe(old);
  });

  it('is no directory, which it would replace', async () => {
    const document = citeInto(write(old), code, undefined);
    const path = join(directory, 'report');
    await expect(writeCited({ ...document, path })).rejects.toThrow(/ is not a file$/);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    [
      'bytes that are no UTF-8',
      Buffer.from(`${old}\xe4`, 'latin1'),
      /^cannot read .*a\.md: .*utf-8/,
    ],
    ['no report', 'It takes 5<!-- rounds --> rounds.', /a\.md: it names no report$/],
    ['a report that is not there', old.replace('report ', 'none '), /a\.md: cannot read .*none/],
    ['no directory of the program of 2023', `${old}<!-- seed: none -->`, /a\.md: .*none/],
    [
      'other figures of it',
      `${old}<!-- seed: report -->`,
      /report\.json is no report of pnpm bench/,
    ],
  ])('is refused with %s', (_, text, message) => {
    expect(() => citeInto(write(text), code, undefined)).toThrow(message);
  });

  it.each([
    ['a blank before it', '5 <!-- rounds -->'],
    ['no blank in it', '5<!--rounds-->'],
    ['no end', '5<!-- rounds'],
    ['no figure', 'many<!-- rounds -->'],
    ['a figure that is none', 'NaN<!-- ratio a b c d e -->'],
    ['another comment in it', '5<!-- rounds <!-- rounds2 -->'],
  ])('is told of a citation with %s, by its line', (_, text) => {
    const document = citeInto(write(`${old}\n${text}\n`), code, undefined);
    expect(document.refused).toEqual([
      {
        line: 5,
        selector: expect.stringMatching(/^<!--/),
        why: expect.stringMatching(/^it is no/),
      },
    ]);
    expect(document.text).toBe(`${cited}\n${text}\n`);
    expect(citedWords(document)).toContain('\n  line 5 refused, and left as it was: <!--');
  });
});

describe('another report', () => {
  const links = '[It](report/report.md#a), [others](report-again/report.md), [more](my/report).';
  const joined = '<!-- joined: report report-again -->';

  it('is named in its mark and its links, and nowhere else', () => {
    mkdirSync(join(directory, 'new'));
    const last = new Date(Date.UTC(2026, 10, 22)).toISOString();
    const other = JSON.stringify({ ...sampleReport(), startedAt: last });
    const fingerprint = { ...sampleReport().fingerprint, cpu: 'another CPU' };
    writeFileSync(join(directory, 'new', 'report.json'), other);
    const again = { ...sampleReport(), startedAt: last, fingerprint };
    writeFileSync(join(directory, 'report-again', 'report.json'), JSON.stringify(again));
    const path = write(`${old}\n${links}\n${joined}\n`);
    const { text } = citeInto(path, code, join(directory, 'new'));
    const expected = cited.replace(mark, '<!-- report: new -->');
    expect(text).toBe(`${expected}\n${links.replace('(report/', '(new/')}\n${joined}\n`);
  });

  it('is refused with a blank in its path, and when it is not there', () => {
    const path = write(old);
    mkdirSync(join(directory, 'my report'));
    writeFileSync(join(directory, 'my report', 'report.json'), report);
    for (const name of ['my report', 'none']) {
      expect(() => citeInto(path, code, join(directory, name))).toThrow(/^.*a\.md: /);
    }
  });
});
