import { Registry } from 'prom-client';
import { registerRuntimeMetrics } from './runtime-metrics.ts';
import { registerServiceMetrics, type ServiceView } from './service-metrics.ts';
import { registerTlsMetrics } from './tls-metrics.ts';

/**
 * Returns all metrics of a server.
 *
 * @param openFilesMax how many files the process may have open
 */
export function newRegistry(view: ServiceView, openFilesMax: number): Registry {
  const registry = new Registry();
  registerServiceMetrics(registry, view);
  registerTlsMetrics(registry, view);
  registerRuntimeMetrics(registry, openFilesMax);
  return registry;
}
