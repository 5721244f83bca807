import { laneNames, loadLane } from '../lanes/index.ts';
import { placementsHere } from '../rig/placement.ts';
import { scenarios } from '../scenarios/index.ts';

/** Prints the lanes, the scenarios, and the placements of this machine. */
export async function list(): Promise<void> {
  process.stdout.write('Lanes:\n');
  for (const name of laneNames) {
    process.stdout.write(`  ${name.padEnd(26)}${(await loadLane(name)).description}\n`);
  }
  process.stdout.write('\nScenarios:\n');
  for (const { name, question } of scenarios) {
    process.stdout.write(`  ${name.padEnd(26)}${question}\n`);
  }
  process.stdout.write('\nPlacements on this machine:\n');
  const { possible, impossible } = placementsHere();
  for (const { name, description } of possible) {
    process.stdout.write(`  ${name.padEnd(26)}${description}\n`);
  }
  for (const { name, reason } of impossible) {
    process.stdout.write(`  ${name.padEnd(26)}not here: ${reason}\n`);
  }
}
