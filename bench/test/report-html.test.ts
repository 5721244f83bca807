import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../src/report/html/page.ts';
import { contrast, luminance } from './contrast.ts';
import {
  backgroundOf,
  chartLines,
  chartMarks,
  chartTexts,
  overlap,
  scrollWidth,
} from './page-readings.ts';
import { quickSample } from './sample-quick.ts';
import { sampleReport } from './sample-report.ts';

// What a page has; the lab itself is compiled without the DOM.
declare const document: { readonly body: { readonly scrollHeight: number } };
declare const window: { scrollTo(x: number, y: number): void };
declare function getComputedStyle(element: unknown): {
  readonly color: string;
  readonly fill: string;
  readonly backgroundColor: string;
  readonly breakInside: string;
};

const chromiumPath = [process.env.CHROMIUM, '/usr/bin/chromium'].find(
  (path) => path !== undefined && existsSync(path),
);
const title =
  chromiumPath === undefined
    ? 'report.html in a browser (skipped: no Chromium; CHROMIUM=/path/to/chromium names one)'
    : 'report.html in a browser';

const evil = '<script>document.title = "taken over"</script>';

function hostileReport() {
  const report = quickSample();
  return {
    ...report,
    lanes: report.lanes.map((lane) => ({ ...lane, title: `${lane.title} ${evil}` })),
    fingerprint: { ...report.fingerprint, kernel: evil },
  };
}

const pages = {
  full: () => sampleReport(),
  partial: () => sampleReport({ partial: true }),
  quick: quickSample,
  hostile: hostileReport,
};

describe.skipIf(chromiumPath === undefined)(title, () => {
  let directory: string;
  let browser: Browser;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tandem-report-'));
    for (const [name, report] of Object.entries(pages)) {
      await writeFile(join(directory, `${name}.html`), renderHtml(report()));
    }
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  interface Opened {
    readonly page: Page;
    readonly url: string;
    readonly requests: string[];
    readonly complaints: string[];
  }

  const loaded = new Map<string, Promise<Opened>>();

  /** A page at this width: loaded once, since it has no script, and then as if it had just been loaded. */
  async function open(
    name: keyof typeof pages,
    width: number,
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<Opened> {
    const loading = loaded.get(name) ?? load(name);
    loaded.set(name, loading);
    const { page } = await loading;
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ media: 'screen', colorScheme });
    await page.$$eval('details', (all) => {
      for (const one of all) one.open = false;
    });
    await page.evaluate(() => window.scrollTo(0, 0));
    return loading;
  }

  async function load(name: keyof typeof pages): Promise<Opened> {
    const page = await browser.newPage();
    const [requests, complaints]: [string[], string[]] = [[], []];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const url = pathToFileURL(join(directory, `${name}.html`)).href;
    await page.goto(url);
    return { page, url, requests, complaints };
  }

  it.each(['full', 'partial', 'quick'] as const)(
    'asks for nothing but itself and complains of nothing (%s)',
    async (name) => {
      const { page, url, requests, complaints } = await open(name, 1280);
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      await page.waitForLoadState('networkidle');
      expect(requests).toEqual([url]);
      expect(complaints).toEqual([]);
    },
  );

  it('has a chart for everything that was measured', async () => {
    const { page } = await open('full', 1280);
    const ids = await page.$$eval('figure', (figures) => figures.map(({ id }) => id));
    expect(ids.sort()).toEqual(everyChart.toSorted());
  });

  it('has the charts of a quick run, and no others', async () => {
    const { page } = await open('quick', 1280);
    const ids = await page.$$eval('figure', (figures) => figures.map(({ id }) => id));
    expect(ids.sort()).toEqual(quickCharts.toSorted());
  });

  it.each([
    ['full', 1280],
    ['full', 390],
    ['partial', 390],
    ['quick', 1280],
    ['quick', 390],
  ] as const)(
    'draws every chart of the %s page at %d pixels, with marks to be seen',
    async (name, width) => {
      const { page } = await open(name, width);
      const drawn = await page.$$eval('figure', (figures) =>
        figures.map((figure) => {
          const shown = [...figure.querySelectorAll('svg')].filter((svg) => svg.checkVisibility());
          const marks = [
            ...(shown[0]?.querySelectorAll('path, circle, rect, polygon') ?? []),
          ].filter((mark) => {
            const { width, height } = mark.getBoundingClientRect();
            const paint = `${mark.getAttribute('fill')} ${mark.getAttribute('stroke')}`;
            const isMark = /--(sockets|grpc|control|part|accent)/.test(paint);
            return isMark && width > 0 && height > 0;
          });
          return { id: figure.id, shown: shown.length, marks: marks.length };
        }),
      );
      expect(drawn.length).toBeGreaterThan(5);
      for (const { id, shown, marks } of drawn) {
        expect(shown, `${id}: drawings that are shown`).toBe(1);
        expect(marks, `${id}: marks`).toBeGreaterThanOrEqual(2);
      }
    },
  );

  it.each([
    ['full', 390],
    ['partial', 390],
    ['quick', 320],
    ['hostile', 390],
  ] as const)(
    'never scrolls sideways on a phone, folded or not (%s, %d pixels)',
    async (name, width) => {
      const { page } = await open(name, width);
      expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
      await page.$$eval('details', (all) => {
        for (const one of all) one.open = true;
      });
      expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
    },
  );

  it.each([390, 1280])(
    'has letters of a size to be read, none cut, at %d pixels',
    async (width) => {
      const { page } = await open('full', width);
      const texts = await chartTexts(page);
      expect(texts.length).toBeGreaterThan(500);
      const small = texts.filter(({ size }) => size < 11);
      expect(small.map(({ text }) => text)).toEqual([]);
      const cut = texts.filter(({ left, right }) => left < 0 || right > width);
      expect(cut.map(({ chart, text }) => `${chart}: ${text}`)).toEqual([]);
    },
  );

  it.each([390, 1280])('has no words upon others in a chart, at %d pixels', async (width) => {
    const { page } = await open('full', width);
    const byChart = Map.groupBy(await chartTexts(page), ({ chart }) => chart);
    const overlaps = [...byChart].flatMap(([chart, texts]) =>
      texts.flatMap((one, at) =>
        texts
          .slice(at + 1)
          .filter((other) => overlap(one, other))
          .map((other) => `${chart}: "${one.text}" and "${other.text}"`),
      ),
    );
    expect(overlaps).toEqual([]);
  });

  it.each([
    [1280, 'light'],
    [390, 'dark'],
  ] as const)('has no words upon marks, at %d pixels (%s)', async (width, scheme) => {
    const { page } = await open('full', width, scheme);
    const all = [await chartMarks(page), await chartLines(page)];
    expect(all.map((some) => new Set(some.map(({ chart }) => chart)).size)).toEqual([
      expect.toSatisfy((charts: number) => charts > 15),
      expect.toSatisfy((charts: number) => charts > 10),
    ]);
    const marks = Map.groupBy(all.flat(), ({ chart }) => chart);
    const touching = (await chartTexts(page)).flatMap((text) =>
      (marks.get(text.chart) ?? [])
        .filter((mark) => overlap(text, mark))
        .map(() => `${text.chart}: "${text.text}"`),
    );
    expect(touching).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('can be read in the %s scheme', async (scheme) => {
    const { page } = await open('full', 1280, scheme);
    await page.$$eval('details', (all) => {
      for (const one of all) one.open = true;
    });
    const background = await backgroundOf(page);
    expect(luminance(background) < 0.1).toBe(scheme === 'dark');
    const colours = await page.$$eval(
      'main p, main li, main figcaption, main td, main th, main h2, main h3, summary, .chart text',
      (all, background) => {
        const pairs = all.flatMap((one) => {
          if (/--on-/.test(one.getAttribute('fill') ?? '')) return [];
          const style = getComputedStyle(one);
          const text = one.tagName === 'text' ? style.fill : style.color;
          const surface = one.closest('.tiles li, .banner');
          const on = surface === null ? background : getComputedStyle(surface).backgroundColor;
          return `${text} on ${on}`;
        });
        return [...new Set(pairs)];
      },
      background,
    );
    expect(colours.length).toBeGreaterThan(2);
    for (const pair of colours) {
      const [text = '', on = ''] = pair.split(' on ');
      expect(contrast(text, on), pair).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('is by day on paper too, wide, unfolded, with no chart cut', async () => {
    const { page } = await open('full', 690, 'dark');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await scrollWidth(page)).toBeLessThanOrEqual(690);
    const text = await page.$eval('main p', (one) => getComputedStyle(one).color);
    expect(luminance(text)).toBeLessThan(0.2);
    const state = await page.$$eval('figure', (figures) =>
      figures.map((figure) => ({
        id: figure.id,
        wide: figure.querySelector('.wide svg')?.checkVisibility(),
        right: figure.querySelector('.wide svg')?.getBoundingClientRect().right ?? Infinity,
        uncut: getComputedStyle(figure.querySelector('.chart') ?? figure).breakInside,
        table: figure.querySelector('details table')?.checkVisibility(),
      })),
    );
    for (const { id, right, ...rest } of state) {
      expect({ id, ...rest }).toEqual({ id, wide: true, uncut: 'avoid', table: true });
      expect(right, id).toBeLessThanOrEqual(690);
    }
  });

  it('shows what a report says as text, and runs none of it', async () => {
    const { page, complaints } = await open('hostile', 1280);
    expect(complaints).toEqual([]);
    expect(await page.title()).toBe(hostileReport().title);
    expect(await page.$$eval('script, img, iframe', (all) => all.length)).toBe(0);
    expect(await page.textContent('.machine')).toContain(evil);
    expect(await page.textContent('#fairness')).toContain(evil);
  });

  it.each([
    ['partial', 'PARTIAL'],
    ['quick', 'NOT CITABLE'],
  ] as const)('says at the top of the %s page that it is %s', async (name, words) => {
    const { page } = await open(name, 390);
    const banner = page.locator('.banner', { hasText: words });
    expect((await banner.boundingBox())?.y).toBeLessThan(900);
  });

  it('has the picture on the first screen of a phone', async () => {
    const { page } = await open('full', 390);
    expect((await page.locator('.picture').boundingBox())?.y).toBeLessThan(700);
  });
});

const quickCharts = [
  ...['ladder', 'cpu-latency-1', 'cpu-throughput-64', 'set-up-split', 'at-latency-1'],
  ...['throughput-throughput', 'throughput-p50', 'at-registers-100'],
];

const everyChart = [
  ...quickCharts,
  ...['set-up-cold-split', 'bytes-search', 'bytes-send', 'bytes-connect', 'at-delivery'],
  ...['body-p50', 'sends-throughput', 'idle-used-bytes', 'idle-resident-bytes', 'idle-cpu'],
  ...['round-trip-short', 'round-trip-throughput', 'round-trip-long-response'],
  ...['at-open-loop-constant-1000', 'at-open-loop-poisson-1000', 'at-open-loop-poisson-4000'],
  ...['connections-throughput', 'connections-p50', 'load-curve-p50', 'load-curve-p99'],
  'nodes-throughput',
  ...['payload-p50', 'bulk-bytes-per-second'],
  ...['cpu-delivery', 'cpu-fan-out-1000', 'fan-out-total', 'fan-out-throughput'],
  ...['search-million-exact', 'search-million-scan', 'search-million-delay-scans'],
  ...['start-up-serve', 'start-up-chat'],
];
