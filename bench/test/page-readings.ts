import type { Page } from 'playwright-core';

// What a page has; the lab itself is compiled without the DOM.
declare const document: {
  readonly body: unknown;
  readonly documentElement: { readonly scrollWidth: number };
};
declare function getComputedStyle(element: unknown): {
  readonly backgroundColor: string;
  readonly fontSize: string;
};

/** Words in a chart, and where they are. */
export interface ChartText {
  readonly chart: string;
  readonly text: string;
  /** As it is seen, in CSS pixels. */
  readonly size: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** All words of the charts that are shown, and where they are. */
export function chartTexts(page: Page): Promise<ChartText[]> {
  return page.$$eval('figure svg', (all) =>
    all
      .filter((svg) => svg.checkVisibility())
      .flatMap((svg) => {
        const scale = svg.getBoundingClientRect().width / Number(svg.getAttribute('width'));
        return [...svg.querySelectorAll('text')].map((one) => {
          const { left, right, top, bottom } = one.getBoundingClientRect();
          return {
            chart: svg.closest('figure')?.id ?? '',
            text: one.textContent ?? '',
            size: Number.parseFloat(getComputedStyle(one).fontSize) * scale,
            ...{ left, right, top, bottom },
          };
        });
      }),
  );
}

/** Whether words touch by more than the space around their letters. */
export function overlap(one: ChartText, other: ChartText): boolean {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return across > 1 && down > 4;
}

/** How wide the page is, in CSS pixels: more than the window, and it scrolls sideways. */
export function scrollWidth(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}

/** The colour behind everything. */
export function backgroundOf(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}
