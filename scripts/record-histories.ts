/**
 * Records the histories in test/histories, which test/replay replays against the workflows as they are now.
 *
 *   npm run record-histories                  records all of them anew
 *   npm run record-histories -- exhausted …   records those of the named scenarios
 *
 * For a new path through a workflow: add a scenario to test/replay/scenarios.ts and record it. Do not record the
 * others anew for a change that breaks them: runs like them are open in production, and break too.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { HISTORIES, historyText } from '../test/replay/histories';
import { perform, SCENARIOS } from '../test/replay/scenarios';
import { startImpatientTemporal } from '../test/support/impatient-temporal';
import { connectRealTemporal } from '../test/support/real-temporal';

const startServer = require('../test/support/global-setup') as () => Promise<void>;
const stopServer = require('../test/support/global-teardown') as () => Promise<void>;

async function main(names: readonly string[]): Promise<void> {
  const scenarios = SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name));
  if (scenarios.length < names.length) {
    throw new Error(`there are these scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}`);
  }
  await mkdir(HISTORIES, { recursive: true });
  await startServer();
  const patient = await connectRealTemporal();
  const impatient = await startImpatientTemporal({ events: 30 });
  try {
    for (const scenario of scenarios) await perform(scenario, scenario.impatient ? impatient : patient, record);
  } finally {
    await patient.close();
    await impatient.close();
    await stopServer();
  }
}

async function record(name: string, handle: WorkflowHandle): Promise<void> {
  const history = await handle.fetchHistory();
  await writeFile(join(HISTORIES, `${name}.json`), historyText(history));
  process.stdout.write(`${name}: ${history.events?.length} events\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
