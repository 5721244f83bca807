import { styleText } from 'node:util';
import { wrapped } from './table.ts';

const widthDefault = 100;

/** A style of Node.js, or several: `bold`, `red`. */
type Format = Parameters<typeof styleText>[0];

/** The place that a text is written for. */
export interface PenOptions {
  /** True for colour; by default when standard output is a terminal that has some. */
  readonly color?: boolean | undefined;
  /** Columns, at least 60; 100 by default. */
  readonly width?: number | undefined;
}

/** The means by which lines are written for a terminal. */
export interface Pen {
  readonly width: number;
  style(format: Format, text: string): string;
  /** Breaks a text into lines between words, behind a prefix, in a format if one is given. */
  wrap(prefix: string, text: string, format?: Format): string;
}

/** Returns the pen for a place. */
export function penFor({ color, width = widthDefault }: PenOptions = {}): Pen {
  const style: Pen['style'] = (format, text) => {
    if (color === undefined) return styleText(format, text, { stream: process.stdout });
    return color ? styleText(format, text, { validateStream: false }) : text;
  };
  return {
    width,
    style,
    wrap(prefix, text, format) {
      const lines = wrapped(prefix, text, width);
      return format === undefined ? lines : style(format, lines);
    },
  };
}
