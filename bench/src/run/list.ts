import { laneNames, loadLane } from '../lanes/index.ts';
import { placementsHere } from '../rig/machine/placement.ts';
import { scenarios } from '../scenarios/index.ts';

/** Prints the lanes, the scenarios, and the placements of this machine. */
export async function list(): Promise<void> {
  process.stdout.write('Lanes:\n');
  for (const name of laneNames) {
    const { description, missing } = await loadLane(name);
    const note = missing === undefined ? '' : ` Not here: ${missing}.`;
    process.stdout.write(`  ${name.padEnd(26)}${description}${note}\n`);
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
