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

// Thousands of parts come as one text: Playwright takes apart, and checks, each value of an array.

/** A part of a chart, and where it is, in CSS pixels. */
interface ChartPart {
  readonly chart: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Words in a chart. */
export interface ChartText extends ChartPart {
  readonly text: string;
  /** As it is seen, in CSS pixels. */
  readonly size: number;
}

/** All words of the charts that are shown, and where they are. */
export function chartTexts(page: Page): Promise<ChartText[]> {
  return page
    .$$eval('figure svg', (all) =>
      JSON.stringify(
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
                left,
                right,
                top,
                bottom,
              };
            });
          }),
      ),
    )
    .then(JSON.parse);
}

/** All points and whiskers of the charts of rows that are shown; bars are there to have words in them. */
export function chartMarks(page: Page): Promise<ChartPart[]> {
  return page
    .$$eval('figure svg', (all) =>
      JSON.stringify(
        all
          .filter((svg) => svg.checkVisibility() && svg.querySelector('polyline') === null)
          .flatMap((svg) =>
            [...svg.querySelectorAll('path, circle, polygon, line')].flatMap((one) => {
              const paint = `${one.getAttribute('fill')} ${one.getAttribute('stroke')}`;
              const { left, right, top, bottom } = one.getBoundingClientRect();
              const isMark = /--(sockets|grpc|control|accent|ink)/.test(paint) && bottom - top < 17;
              const chart = svg.closest('figure')?.id ?? '';
              return isMark ? [{ chart, left, right, top, bottom }] : [];
            }),
          ),
      ),
    )
    .then(JSON.parse);
}

/** All points of the charts of lines that are shown, and their lines in pieces of four pixels. */
export function chartLines(page: Page): Promise<ChartPart[]> {
  return page
    .$$eval('figure svg', (all) =>
      JSON.stringify(
        all
          .filter((svg) => svg.checkVisibility() && svg.querySelector('polyline') !== null)
          .flatMap((svg) => {
            const chart = svg.closest('figure')?.id ?? '';
            const points = [...svg.querySelectorAll('path, circle, polygon, rect')].flatMap(
              (one) => {
                const paint = `${one.getAttribute('fill')} ${one.getAttribute('stroke')}`;
                const { left, right, top, bottom } = one.getBoundingClientRect();
                const isPoint =
                  /--(sockets|grpc|control)/.test(paint) && right - left < 17 && bottom - top < 17;
                return isPoint ? [{ chart, left, right, top, bottom }] : [];
              },
            );
            const lines = [...svg.querySelectorAll('polyline')].flatMap((line) => {
              const steps = Math.max(1, Math.ceil(line.getTotalLength() / 4));
              return Array.from({ length: steps + 1 }, (_, at) => {
                const { x, y } = line
                  .getPointAtLength((line.getTotalLength() * at) / steps)
                  .matrixTransform(line.getScreenCTM());
                // As high as what `overlap` leaves free around letters.
                return { chart, left: x - 2, right: x + 2, top: y - 5, bottom: y + 5 };
              });
            });
            return [...points, ...lines];
          }),
      ),
    )
    .then(JSON.parse);
}

/** True if words overlap by more than the space around their letters. */
export function overlap(one: ChartPart, other: ChartPart): boolean {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return across > 1 && down > 4;
}

/** The width of the page, in CSS pixels; the page scrolls sideways if it is more than the window's. */
export function scrollWidth(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}

/** The colour behind everything. */
export function backgroundOf(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}
