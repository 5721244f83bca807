import { type EChartsOption, init } from 'echarts';
import { Markup } from '../markup.ts';

/** A chart at one width, in CSS pixels. */
export interface Drawing {
  readonly option: EChartsOption;
  readonly width: number;
  readonly height: number;
}

/**
 * A chart as inline SVG, without scripts, styles or anything that is fetched. Colours stay what they
 * are in the option, custom properties of CSS included, so that one drawing serves every scheme.
 */
export function drawSvg({ option, width, height }: Drawing): Markup {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: 'inherit' }, ...option });
    return new Markup(tidy(chart.renderToSVGString({ useViewBox: true })));
  } finally {
    chart.dispose();
  }
}

/**
 * Without what is for scripts and pointers, or what the page's style says for all charts. The counters
 * of the library are in classes alone; with these gone, the same chart gives the same text.
 */
function tidy(svg: string): string {
  return svg
    .replace(/<style\s*>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events|baseProfile|version|xmlns:xlink)="[^"]*"/g, '')
    .replace(/<rect [^>]*fill="none"[^>]*><\/rect>/, '')
    .replace(/ (?:dominant-baseline="central"|xml:space="preserve"|stroke-linecap="round")/g, '')
    .replace(/font-family:[\w-]+;/g, '')
    .replace(/ style="(?:font-size:12px;)?"/g, '')
    .replace(
      / stroke="var\(--page\)" stroke-width="3" paint-order="stroke"[^>]*?(?=>)/g,
      ' class="halo"',
    )
    .replace(/ fill="#000"(?=[^>]* stroke=)/g, ' fill="none"')
    .replace(/(<(?:path|polyline) [^>]*?) fill="none"/g, '$1')
    .replace(
      / (d|transform|points|x|y|x1|x2|y1|y2|cx|cy|width|height)="([^"]*)"/g,
      (_, attribute, value) => {
        return ` ${attribute}="${value.replace(/(\.\d)\d+/g, '$1').replace(/\.0(?!\d)/g, '')}"`;
      },
    )
    .replace(/\n/g, '')
    .replace(/><\/(?:path|rect|circle|polygon|polyline|line)>/g, '/>')
    .replace(/^<svg /, '<svg aria-hidden="true" focusable="false" ');
}
