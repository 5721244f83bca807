import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordWire, type WireEntry, type WireLedger } from '../src/bytes/index.ts';
import { writeWirePage } from '../src/report/write.ts';
import { contrast } from './contrast.ts';
import { scrollWidth } from './page-readings.ts';

/** The form of the page. */
interface ChoiceForm {
  readonly elements: Readonly<Record<string, { value: unknown; checked: unknown }>>;
  dispatchEvent(event: Event): boolean;
}

// What a page has; the lab itself is compiled without the DOM.
declare const document: {
  readonly activeElement: { readonly textContent: string; getAttribute(name: string): string };
  readonly forms: readonly ChoiceForm[];
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string }>;
};
declare function getComputedStyle(element: unknown): {
  readonly color: string;
  readonly backgroundColor: string;
};

const chromiumPath = [process.env.CHROMIUM, '/usr/bin/chromium'].find(
  (path) => path !== undefined && existsSync(path),
);
const title =
  chromiumPath === undefined
    ? 'wire.html in a browser (skipped: no Chromium; CHROMIUM=/path/to/chromium names one)'
    : 'wire.html in a browser';

/** Chooses one entry after the other in the page, and reads what is shown of each on the left. */
function showEntries(entries: readonly Pick<WireEntry, 'lane' | 'operation' | 'call' | 'tls'>[]) {
  const [form] = document.forms;
  const choose = (choices: Readonly<Record<string, unknown>>) => {
    for (const [name, choice] of Object.entries(choices)) {
      const property = name === 'tls' ? 'checked' : 'value';
      Object.assign(form?.elements[name] ?? {}, { [property]: choice });
    }
    form?.dispatchEvent(new Event('change'));
  };
  const texts = (selector: string) =>
    [...document.querySelectorAll(`.wire:first-child ${selector}`)].map((one) => one.textContent);
  return entries.map(({ lane, operation, call, tls }) => {
    // The calls that there are to choose from are those of the operation.
    choose({ operation });
    choose({ call, left: lane, tls });
    return {
      title: texts('h2')[0],
      legend: texts('.legend li'),
      // Behind the letter of the layer.
      digits: texts('.run')
        .map((text) => text.slice(1).replaceAll(' ', ''))
        .join(''),
    };
  });
}

const laneWords: Readonly<Record<string, string>> = {
  'sockets-seed': 'sockets of 2023',
  'sockets-framed': 'sockets',
  'grpc-unary': 'gRPC, a call each',
  'grpc-converse': 'gRPC, one stream',
};
const lanes = Object.keys(laneWords);

describe.skipIf(chromiumPath === undefined)(title, () => {
  let directory: string;
  let path: string;
  let ledger: WireLedger;
  let browser: Browser;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tandem-wire-'));
    path = join(directory, 'wire.html');
    const recorded = await recordWire({ lanes, tls: true });
    ledger = recorded.ledger;
    await writeWirePage(recorded.recordings, path);
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  async function open(width: number, colorScheme: 'light' | 'dark' = 'light') {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const [requests, complaints]: [string[], string[]] = [[], []];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const url = pathToFileURL(path).href;
    await page.goto(url);
    return { page, url, requests, complaints };
  }

  const choice = (page: Page, name: string) => page.getByRole('combobox', { name });
  const focused = (page: Page) => page.evaluate(() => document.activeElement.textContent);
  const box = (page: Page) => page.locator('aside').textContent();

  it('is under 400 KB, asks for nothing but itself, and complains of nothing', async () => {
    expect((await stat(path)).size).toBeLessThan(400_000);
    expect(await readFile(path, 'utf8')).not.toMatch(/<(link|img|iframe)\b|@import|url\(/);
    const { page, url, requests, complaints } = await open(1280);
    await page.getByRole('button', { name: 'show' }).first().click();
    expect(requests).toEqual([url]);
    expect(complaints).toEqual([]);
  });

  it('shows every entry of the ledger, with its sums', async () => {
    const { page } = await open(1280);
    const { entries } = ledger;
    const chosen = entries.map(({ lane, operation, call, tls }) => ({
      lane,
      operation,
      call,
      tls,
    }));
    const pages = await page.evaluate(showEntries, chosen);
    expect(pages).toHaveLength(entries.length);
    for (const [at, { lane, operation, call, tls, layers, total }] of entries.entries()) {
      const shown = pages[at] as (typeof pages)[number];
      const what = `${lane}, ${operation}, ${call}, ${tls}`;
      expect(shown.title, what).toMatch(`${laneWords[lane]}: ${total.sent + total.received} byte`);
      expect(shown.digits.length / 2, what).toBe(total.sent + total.received);
      const sums = Object.values(layers).map(({ sent, received }) => sent + received);
      expect(
        shown.legend.map((text) => Number(/\d+$/.exec(text)?.[0])),
        what,
      ).toEqual(sums);
    }
  });

  it('says why a lane of 2023 does not have an operation', async () => {
    const { page } = await open(1280);
    await choice(page, 'Operation').selectOption('resume');
    await choice(page, 'Left').selectOption('sockets-seed');
    expect(await page.locator('.empty').textContent()).toMatch(
      /^This operation is not on this wire\. The seed dialect has the operations of 2023 alone/,
    );
  });

  it('is used by keyboard alone, from bytes to meaning and back', async () => {
    const { page } = await open(1280);
    for (let tabs = 0; (await page.locator('.run:focus').count()) === 0; tabs++) {
      expect(tabs).toBeLessThan(40);
      await page.keyboard.press('Tab');
    }
    expect(await focused(page)).toBe('F04');
    expect(await box(page)).toContain('operation 4: send');
    await page.keyboard.press('ArrowRight');
    expect(await box(page)).toMatch(
      /length 50.+our framing[\s\S]+2 bytes, at 1 to 2[\s\S]+clause 6\.2/,
    );
    expect(await page.locator('.run[aria-selected=true]').allInnerTexts()).toEqual(['F00 32']);
    expect(await page.locator('[role=treeitem][aria-selected=true]').allInnerTexts()).toEqual([
      'request 4: send',
      'Flength 50',
    ]);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('request 4: send');
    expect(await page.locator('.run[aria-selected=true]').count()).toBe(7);
    await page.keyboard.press('End');
    expect(await box(page)).toContain('body "see you at eight, usual place ok"');
    expect(await page.locator('.run[aria-selected=true]').count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement.getAttribute('role'))).toBe('treeitem');
  });

  it('says why a unary send takes more, and shows of what it speaks', async () => {
    const { page } = await open(390);
    const text = await page.locator('.walk').textContent();
    const bytesOn = (lane: string) => {
      const found = ledger.entries.find(
        (one) => one.lane === lane && one.operation === 'send' && one.call === 'warm' && !one.tls,
      );
      return (found?.total.sent ?? 0) + (found?.total.received ?? 0);
    };
    expect(text).toContain(`${bytesOn('grpc-unary')} bytes, where sockets take 54`);
    await choice(page, 'Operation').selectOption('close');
    await page.getByRole('button', { name: 'show' }).nth(5).click();
    const lit = await page
      .locator('.run:not(.dim)')
      .evaluateAll((runs) => runs.map((run) => run.textContent?.[0]));
    expect(new Set(lit)).toEqual(new Set(['H']));
    await page.getByRole('button', { name: 'show' }).last().click();
    expect(await page.locator('.dim').count()).toBe(0);
    // The last step is about Converse.
    expect(text).toContain(`are ${bytesOn('grpc-converse')} bytes`);
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      'sockets: 54 bytes',
      `gRPC, one stream: ${bytesOn('grpc-converse')} bytes`,
    ]);
  });

  it.each([
    [1280, 'light'],
    [390, 'dark'],
    [320, 'light'],
  ] as const)('never scrolls sideways, at %d pixels (%s)', async (width, scheme) => {
    const { page } = await open(width, scheme);
    for (const operation of ['send', 'connect']) {
      await choice(page, 'Operation').selectOption(operation);
      await page.getByRole('checkbox').setChecked(operation === 'connect');
      expect(await scrollWidth(page)).toBeLessThanOrEqual(width);
    }
  });

  it.each(['light', 'dark'] as const)(
    'has layers to be read, each with a letter, in the %s scheme',
    async (scheme) => {
      const { page } = await open(1280, scheme);
      await choice(page, 'Operation').selectOption('connect');
      for (const tls of [false, true]) {
        await page.getByRole('checkbox').setChecked(tls);
        const runs = await page.locator('.run').evaluateAll((all) =>
          all.map((run) => {
            const { color, backgroundColor } = getComputedStyle(run);
            return { letter: run.firstChild?.textContent ?? '', color, backgroundColor };
          }),
        );
        const pairs = new Map(runs.map((run) => [JSON.stringify(run), run]));
        expect(pairs.size).toBeGreaterThan(1);
        for (const { letter, color, backgroundColor } of pairs.values()) {
          expect(letter).toMatch(/^[A-Z0-9|]$/);
          expect(contrast(color, backgroundColor), letter).toBeGreaterThanOrEqual(4.5);
        }
      }
    },
  );
});
