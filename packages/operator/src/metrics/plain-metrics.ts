import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { PlainHistogram } from './plain-histogram.ts';

/** The labels of a sample. Their values are names of the program, and nothing that a client chooses. */
export type Labels = Readonly<Record<string, string | number>>;

/** A sample: its labels, and its value. */
export type Sample = readonly [labels: Labels, value: number];

/** A metric's name, and what is read when somebody asks for it. */
interface MetricOptions<Read> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** Reads what there is at the moment. */
  readonly read: () => Read | Promise<Read>;
}

/** Values by bucket; see {@link PlainHistogram}. */
export type Counted = Pick<PlainHistogram, 'bounds' | 'counts' | 'sum'>;

/** Registers a number that goes up and down. */
export function gauge(registry: Registry, options: MetricOptions<readonly Sample[]>): void {
  const { read, ...described } = options;
  new Gauge({
    ...settings(registry, described),
    async collect() {
      const samples = await read();
      this.reset();
      // Without labels that leaves a 0.
      if (samples.length === 0) this.remove({});
      for (const [labels, value] of samples) this.set(labels, value);
    },
  });
}

/** Registers a number that only grows while the process runs. */
export function counter(registry: Registry, options: MetricOptions<readonly Sample[]>): void {
  const { read, ...described } = options;
  new Counter({
    ...settings(registry, described),
    async collect() {
      const samples = await read();
      this.reset();
      // Without labels that leaves a 0.
      if (samples.length === 0) this.remove({});
      for (const [labels, value] of samples) this.inc(labels, value);
    },
  });
}

/** Registers histograms that are kept in plain numbers: those of prom-client cost half a microsecond a value. */
export function histogram(
  registry: Registry,
  options: MetricOptions<Iterable<readonly [Labels, Counted]>> & {
    readonly bounds: readonly number[];
  },
): void {
  const { read, bounds, ...described } = options;
  const metric = new Histogram({ ...settings(registry, described), buckets: [...bounds] });
  const getPlain = async () => {
    const values = [...(await read())].flatMap(([labels, counted]) =>
      samplesOf(options.name, labels, counted),
    );
    return { name: options.name, help: options.help, type: 'histogram', values };
  };
  // The second is what the text for Prometheus is made of.
  Object.assign(metric, { get: getPlain, getForPromString: getPlain });
}

/** Returns counts with their names as Prometheus spells them: `serverFull` is `server_full`. */
export function byReason(counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([reason, count]) => [
    { reason: reason.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) },
    count,
  ]);
}

function settings(registry: Registry, options: Omit<MetricOptions<unknown>, 'read'>) {
  const { name, help, labelNames = [] } = options;
  return { name, help, labelNames: [...labelNames], registers: [registry] };
}

/** Returns the samples of a histogram in Prometheus' form, in which a bucket contains those before. */
function samplesOf(name: string, labels: Labels, { bounds, counts, sum }: Counted) {
  let below = 0;
  const buckets = [...bounds, '+Inf'].map((le, at) => {
    below += counts[at] as number;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: { ...labels }, value: sum },
    { metricName: `${name}_count`, labels: { ...labels }, value: below },
  ];
}
