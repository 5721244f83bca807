// By the number of decimals. To make one takes longer than to write a thousand numbers with it.
const [whole, tenths, hundredths, thousandths] = [0, 1, 2, 3].map(
  (decimals) =>
    new Intl.NumberFormat('en', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }),
) as [Intl.NumberFormat, Intl.NumberFormat, Intl.NumberFormat, Intl.NumberFormat];

/** A count, which is known exactly: `10,000`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** The least and the most of some counts: `10,000`, `900 to 12,000`; empty where there are none. */
export function formatCounts(counts: readonly number[]): string {
  if (counts.length === 0) return '';
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map(formatCount);
  return least === most ? `${least}` : `${least} to ${most}`;
}

/** The least and the most of some numbers of rounds: `3 rounds`, `3 to 5 rounds`. */
export function formatRounds(counts: readonly number[]): string {
  const rounds = formatCounts(counts);
  return `${rounds} ${rounds === '1' ? 'round' : 'rounds'}`;
}

/** Three digits and no more, commas between thousands: what was measured is known no better. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size >= 100 || size === 0) return whole.format(rounded);
  if (size >= 10) return tenths.format(rounded);
  return (size >= 1 ? hundredths : thousandths).format(rounded);
}

/** A unit in which a value is written that has at least one of it, or that has no smaller one. */
interface Scale {
  readonly unit: string;
  readonly perUnit: number;
}

const times: readonly Scale[] = [
  { unit: 's', perUnit: 1e6 },
  { unit: 'ms', perUnit: 1e3 },
  { unit: 'µs', perUnit: 1 },
];

const sizes: readonly Scale[] = [
  { unit: 'MB', perUnit: 1e6 },
  { unit: 'KB', perUnit: 1e3 },
  { unit: 'bytes', perUnit: 1 },
];

const scalesOf: Readonly<Record<string, readonly Scale[]>> = {
  us: times,
  ms: times.map(({ unit, perUnit }) => ({ unit, perUnit: perUnit / 1e3 })),
  s: times.map(({ unit, perUnit }) => ({ unit, perUnit: perUnit / 1e6 })),
  bytes: sizes,
  fraction: [{ unit: '%', perUnit: 0.01 }],
  '1/s': [{ unit: '/s', perUnit: 1 }],
  'us/operation': [{ unit: 'µs', perUnit: 1 }],
  'us/message': [{ unit: 'µs', perUnit: 1 }],
  'us/s': [{ unit: 'µs/s', perUnit: 1 }],
  'calls/operation': [{ unit: 'calls', perUnit: 1 }],
  'calls/message': [{ unit: 'calls', perUnit: 1 }],
  'bytes/operation': sizes,
  'bytes/message': sizes,
  'bytes/s': sizes.map((scale) => ({ ...scale, unit: `${scale.unit}/s` })),
};

/** A value of a report with its unit, as people write it: 1,820 `us` is `1.82 ms`. */
export function formatValue(value: number, unit: string): string {
  const scale = scaleOf(value, unit);
  return `${scaled(value, scale)}${scale.unit.startsWith('/') ? '' : ' '}${scale.unit}`;
}

/** A value and its interval, in one unit: `26.2 µs [25.8, 26.4]`. */
export function formatWithInterval(
  value: number,
  ci95: readonly [number, number] | null,
  unit: string,
): string {
  if (ci95 === null) return formatValue(value, unit);
  const scale = scaleOf(value, unit);
  const [low, high] = ci95.map((end) => scaled(end, scale));
  return `${formatValue(value, unit)} [${low}, ${high}]`;
}

/** A value and how far its interval reaches from it, as a fraction of it: `26.2 µs ±2%`. */
export function formatWithReach(
  value: number,
  ci95: readonly [number, number] | null,
  unit: string,
): string {
  const text = formatValue(value, unit);
  if (ci95 === null || value === 0) return text;
  const reach = Math.max(ci95[1] - value, value - ci95[0]) / Math.abs(value);
  return `${text} ±${formatPercent(reach)}`;
}

/** A fraction: 0.034 is `3.4%`, and what is 10% or more has no decimals. */
export function formatPercent(fraction: number): string {
  const percent = fraction * 100;
  return `${percent.toFixed(percent >= 9.95 ? 0 : 1)}%`;
}

/** Writes the distance from 1 at which a ratio may lie: `3.4%`; beyond ten times as a multiple. */
export function formatReach(reach: number): string {
  if (reach >= 99) return 'more than 100 times: unusable';
  return reach >= 9 ? formatTimes(1 + reach) : formatPercent(reach);
}

/** Writes a duration in whole seconds: `45 s`, `3 min 20 s`, `1 h 5 min`. */
export function formatDuration(timeMs: number): string {
  const seconds = Math.round(timeMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A ratio: `8.1 times`. */
export function formatTimes(ratio: number): string {
  return `${formatRatio(ratio)} times`;
}

/** A ratio alone: `8.1`; two decimals where they matter, near 1 and below, and two digits below 0.1. */
export function formatRatio(ratio: number): string {
  if (ratio > 0 && ratio < 0.0995) return ratio.toPrecision(2);
  if (ratio >= 99.5) return ratio.toFixed(0);
  return ratio.toFixed(ratio >= 2.995 ? 1 : 2);
}

/** A ratio and its interval: `8.1 [7.9, 8.4]`. */
export function formatRatioWithInterval(
  ratio: number,
  ci95: readonly [number, number] | null,
): string {
  const ends = ci95?.map(formatRatio).join(', ');
  return `${formatRatio(ratio)}${ends === undefined ? '' : ` [${ends}]`}`;
}

function scaled(value: number, { perUnit }: Scale): string {
  return formatNumber(value / perUnit);
}

function scaleOf(value: number, unit: string): Scale {
  const scales = scalesOf[unit] ?? [];
  const found = scales.find(({ perUnit }) => Math.abs(value) >= perUnit) ?? scales.at(-1);
  return found ?? { unit, perUnit: 1 };
}
