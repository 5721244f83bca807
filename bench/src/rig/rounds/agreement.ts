import { isDeepStrictEqual } from 'node:util';
import { opSuite, playOpSuite } from '@tandem/conformance/op-suite';
import type { Lane } from '../../lanes/lane.ts';
import type { Report } from '../../report/schema/report.ts';

/**
 * Plays the op suite on every lane that has a chat service, each on a service of its own, and compares
 * the outcomes of the operations. Lanes with different outcomes must not be compared by time.
 */
export async function compareOutcomes(lanes: readonly Lane[]): Promise<Report['agreement']> {
  const compared: Report['agreement']['lanes'] = [];
  for (const lane of lanes) {
    if (!lane.hasChat || lane.missing !== undefined) continue;
    const difference = await differenceOf(lane);
    compared.push({ lane: lane.name, agrees: difference === '', difference });
  }
  return { agree: compared.every(({ agrees }) => agrees), lanes: compared };
}

/** Empty when the lane's outcomes are those of the suite. */
async function differenceOf(lane: Lane): Promise<string> {
  const server = await lane.startServer?.();
  const client = await lane.connect({ host: '127.0.0.1', port: server?.port ?? 0 });
  try {
    if (client.chat === undefined) return 'it says that it has a chat service, and has none';
    const outcomes = await playOpSuite(client.chat);
    const expected = opSuite.filter(({ operation }) => operation !== 'unknown');
    const at = expected.findIndex((step, i) => !isDeepStrictEqual(step, outcomes[i]));
    if (at === -1) return '';
    return `step ${at + 1}: ${JSON.stringify(outcomes[at])} instead of ${JSON.stringify(expected[at])}`;
  } catch (error) {
    return `it broke: ${(error as Error).message}`;
  } finally {
    await client.close();
    await server?.close();
  }
}
