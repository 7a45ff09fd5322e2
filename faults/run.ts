/**
 * The fault run: `npm run faults`, with `-- --help` for its options. Jobs live while everything around them is killed,
 * and receivers misbehave; then a checker that shares no code with the program judges what was written down.
 */
import { runCommand } from './command';
import { FAULTS_USAGE, readFaultsOptions } from './options';
import { perform } from './perform';
import { makePlan } from './plan/plan';

/** Of each system's jobs, how many have a hostile load. */
const LOADS = 0.25;

runCommand(FAULTS_USAGE, async (args, say) => {
  const options = readFaultsOptions(args);
  return perform({
    ...options,
    misbehaves: 0.5,
    wrongClocks: true,
    plan: (systems, victims) => makePlan({ ...options, systems, victims, spacing: 'random', loads: LOADS }),
    say,
  });
});
