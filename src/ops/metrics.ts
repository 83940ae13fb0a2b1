/**
 * Our own metrics, through OpenTelemetry's API: served as Prometheus text at /metrics, and seen by a user's own SDK
 * when one is registered in the process.
 */
import { metrics, type Attributes, type Counter, type Histogram, type Meter } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** From a quick local commit to the time at which an exporter gives up. */
const DURATION_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Of one metric; OpenTelemetry's own limit is less than 200 services with 24 causes each have. */
const MAX_SERIES = 5_000;

export class Metrics {
  private readonly exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true, withoutTargetInfo: true });
  private readonly meters: Meter[];

  constructor() {
    const views = [{ instrumentName: '*', aggregationCardinalityLimit: MAX_SERIES }];
    const provider = new MeterProvider({ readers: [this.exporter], views });
    this.meters = [provider.getMeter('why401'), metrics.getMeter('why401')];
  }

  /** @param series shown as 0 from the start on: a counter that appears with its first error cannot be alerted on */
  counter(name: string, description: string, series: Attributes[] = [{}]): (count: number, attributes?: Attributes) => void {
    const counters = this.meters.map((meter): Counter => meter.createCounter(name, { description }));
    for (const counter of counters) for (const attributes of series) counter.add(0, attributes);
    return (count, attributes) => {
      for (const counter of counters) counter.add(count, attributes);
    };
  }

  /** Of durations in seconds. */
  histogram(name: string, description: string): (seconds: number) => void {
    const options = { description, unit: 's', advice: { explicitBucketBoundaries: DURATION_BUCKETS } };
    const histograms = this.meters.map((meter): Histogram => meter.createHistogram(name, options));
    return (seconds) => {
      for (const histogram of histograms) histogram.record(seconds);
    };
  }

  /** @param read called at every scrape; undefined leaves the gauge out */
  gauge(name: string, description: string, read: () => Promise<number | undefined> | number | undefined): void {
    for (const meter of this.meters) {
      meter.createObservableGauge(name, { description }).addCallback(async (result) => {
        const value = await read();
        if (value !== undefined) result.observe(value);
      });
    }
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    this.exporter.getMetricsRequestHandler(request, response);
  }
}
