import { describe, expect, it } from 'vitest';
import { quickSample } from '../../../test/sample-quick.ts';
import { onlyScenarios, sampleReport } from '../../../test/sample-report.ts';
import type { Report } from '../schema/report.ts';
import { verdictWords } from '../words/verdict-words.ts';
import { escapeText } from './markup.ts';
import { renderHtml } from './page.ts';

const sample = sampleReport();
const page = renderHtml(sample);
const quick = renderHtml(quickSample());

describe('the report as a page', () => {
  it('says the verdict before anything else', () => {
    const headline = escapeText(verdictWords(sample).headline.text);
    const said = page.replace(/<\/?b>/g, '').indexOf(headline);
    expect(said).toBeGreaterThan(0);
    expect(said).toBeLessThan(page.indexOf('<svg'));
  });

  it('is the same for the same report, whatever was rendered before', () => {
    expect(renderHtml(structuredClone(quickSample())) === quick).toBe(true);
  });

  it('stands alone: no script, nothing to fetch', () => {
    const fetched =
      /<script|<link|<img|<iframe|\bsrc=|https?:(?!\/\/www\.w3\.org\/2000\/svg")|@import|url\(|href="(?!#)/;
    expect(fetched.exec(page)?.[0]).toBeUndefined();
  });

  it('is small enough to be mailed', () => {
    expect(page.length).toBeLessThan(1_500_000);
  });

  it('has no id twice, and every link of its contents leads somewhere', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(10);
    expect(ids).toEqual(expect.arrayContaining(links));
  });

  it('escapes everything that a report says', () => {
    const evil = '<script>alert("1")</script><img src=x onerror=alert(1)>';
    const hostile = renderHtml(poisoned(sample, evil));
    expect(/<script|<img/.test(hostile)).toBe(false);
    expect(hostile.split('&lt;script&gt;').length).toBeGreaterThan(100);
  });

  it('describes every chart in words, and has the figures behind it in a table', () => {
    const figures = page.match(/<figure[\s\S]*?<\/figure>/g) ?? [];
    expect(figures.length).toBeGreaterThan(20);
    for (const text of figures) {
      expect(text).toMatch(/role="img" aria-label="[^"]{40,}"/);
      expect(text).toMatch(/<figcaption>[\s\S]{40,}<\/figcaption>/);
      expect(text).toMatch(/<details><summary>[\s\S]*<table/);
    }
  });

  it('draws what is not valid hollow, says so, and says why', () => {
    const [, chart = ''] =
      /<figure id="at-open-loop-poisson-4000">([\s\S]*?)<\/figure>/.exec(page) ?? [];
    expect(chart).toMatch(/fill="var\(--page\)" stroke="var\(--grpc-1\)"/);
    expect(chart).toContain(', not valid</text>');
    const missing = sample.cells.flatMap(({ why }) =>
      why.filter((one) => !page.includes(escapeText(one))),
    );
    expect(missing).toEqual([]);
  });

  it('names cells that nothing came of, in rows and beside lines', () => {
    const place = { scenario: 'latency-1', lane: 'grpc-unary', placement: 'same-core' } as const;
    const isPlace = (one: (typeof sample.cells)[number] | (typeof sample.results)[number]) =>
      one.scenario === place.scenario &&
      one.lane === place.lane &&
      one.placement === place.placement;
    const short = onlyScenarios(sample, place.scenario);
    const broken: Report = {
      ...short,
      cells: short.cells.map((cell) =>
        isPlace(cell) ? { ...cell, valid: false, why: ['it hung'], runs: [] } : cell,
      ),
      results: short.results.filter((result) => !isPlace(result)),
    };
    const [, rows = ''] =
      /<figure id="at-latency-1">([\s\S]*?)<\/figure>/.exec(renderHtml(broken)) ?? [];
    expect(rows).toContain('nothing measured: not valid</text>');
    const [, lines = ''] = /<figure id="idle-used-bytes">([\s\S]*?)<\/figure>/.exec(page) ?? [];
    expect(lines).toMatch(/Not measured, and not valid: [^<]*bare HTTP\/2 request, one core/);
  });

  it('does not draw valid figures hollow', () => {
    const [, chart = ''] = /<figure id="at-latency-1">([\s\S]*?)<\/figure>/.exec(page) ?? [];
    expect(chart).toContain('fill="var(--grpc-1)"');
    expect(chart).not.toContain('fill="var(--page)" stroke="var(--grpc-1)"');
  });

  it('has one picture of five rows and three bars, and five sentences on what to choose', () => {
    const [, picture = ''] = /<ul class="picture">([\s\S]*?)<\/ul>/.exec(page) ?? [];
    expect(picture.split('<li>')).toHaveLength(6);
    expect(picture.split('class="bar"')).toHaveLength(16);
    const [, choice = ''] = /<section id="choice"([\s\S]*?)<\/section>/.exec(page) ?? [];
    expect(choice.split('<li>')).toHaveLength(6);
  });

  it('greys every bar of a run that is not to be cited', () => {
    const [, picture = ''] = /<ul class="picture">([\s\S]*?)<\/ul>/.exec(quick) ?? [];
    expect(picture).toMatch(/class="bar unfit"[\s\S]*not to be cited/);
    expect(picture).not.toMatch(/class="bar"[^\n]*µs/);
  });

  it('draws a lane in the same colour, whichever other lanes there are', () => {
    for (const text of [page, quick]) {
      const [, legend = ''] = /<figure id="at-latency-1">([\s\S]*?)<\/figure>/.exec(text) ?? [];
      for (const ink of ['sockets-1', 'grpc-1', 'grpc-2'])
        expect(legend).toContain(`var(--${ink})`);
    }
  });

  it('has published figures beside ours, as of another machine', () => {
    const [, tasks = ''] = /<section id="tasks"([\s\S]*?)<\/section>/.exec(page) ?? [];
    expect(tasks).toContain('18.9 ms');
    expect(tasks).toContain('on its authors’ machine');
  });
});

describe('a page of less', () => {
  it('has no section for what was not asked, and names it at the end', () => {
    for (const id of ['bytes', 'code', 'idle', 'body', 'open-loop']) {
      expect([id, page.includes(`<section id="${id}"`)]).toEqual([id, true]);
      expect([id, quick.includes(`<section id="${id}"`)]).toEqual([id, false]);
    }
    const notAsked = /This run did not measure: ([^.]*)\./;
    expect(notAsked.exec(quick)?.[1]).toBe(
      'set-up over TLS, delivery, pairs of users, many connections, latency against load, latency under a fixed arrival rate, body size, payload size, streaming, sends of many connections, sends over several nodes, one sender, many recipients, idle connections, search over a million users, round-trip time, start of the command, the bytes on the wire, size and branching of the code',
    );
    expect(notAsked.exec(page)).toBeNull();
  });

  it('says first that it is not to be cited, and why', () => {
    const banner = quick.slice(quick.indexOf('NOT CITABLE'), quick.indexOf('id="verdict"'));
    expect(banner.replace(/<[^>]*>/g, '')).toContain('a quick run has too few rounds');
    expect(quick.indexOf('NOT CITABLE')).toBeLessThan(quick.indexOf('<h1>'));
    expect(page.includes('NOT CITABLE')).toBe(false);
  });

  it('says that it is partial when the run was ended', () => {
    const partial = onlyScenarios(sampleReport({ partial: true }), 'latency-1');
    expect(renderHtml(partial).includes('PARTIAL')).toBe(true);
    expect(page.includes('PARTIAL')).toBe(false);
  });

  it('can be made of a run in which nothing was measured', () => {
    const empty: Report = {
      ...sample,
      complete: false,
      citable: false,
      cells: [],
      results: [],
      ratios: [],
      skipped: [],
      lanes: [],
      scenarios: [],
      wire: null,
      complexity: null,
      noise: { floors: [], injected: [] },
    };
    const text = renderHtml(empty);
    expect(text.includes('<figure')).toBe(false);
    expect(text.includes(escapeText(verdictWords(empty).headline.text))).toBe(true);
  });

  it('gives the command of a run with its own choice of lanes', () => {
    expect(quick).toContain('<code>pnpm bench:quick</code>');
    const custom = renderHtml({ ...quickSample(), preset: 'custom' });
    expect(custom).toContain('--scenarios set-up,op-suite,registers-100,latency-1,throughput-64');
  });
});

/** Every text of a report that is free to say anything, with something evil in it. */
function poisoned<T>(value: T, evil: string): T {
  const names =
    /^(name|scenario|lane|metric|baseline|baselines|task|family|placement|kind|unit|id)$/;
  const visit = (one: unknown, key: string): unknown => {
    if (typeof one === 'string') {
      return names.test(key) || /^[\w.:-]+$/.test(one) ? one : `${one}${evil}`;
    }
    if (Array.isArray(one)) return one.map((each) => visit(each, key));
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, each]) => [name, visit(each, name)]));
  };
  return visit(value, '') as T;
}

it('leads to the page of every byte where there is one', () => {
  expect(page).not.toContain('wire.html');
  const { wire } = sample;
  if (wire === null) throw new Error('the sample has no wire ledger');
  const beside = renderHtml({
    ...onlyScenarios(sample, 'latency-1'),
    wire: { ...wire, page: 'wire.html' },
  });
  expect(beside).toContain('<a href="wire.html">');
});
