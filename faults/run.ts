/**
 * The fault run: `npm run faults`, with `-- --help` for its options. Jobs live while everything around them is killed,
 * and receivers misbehave; then a checker that shares no code with the program judges what was written down.
 * Readable progress on stderr, one JSON object on the last line of stdout; exit code 1 unless all is as it must be.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from './checker/check';
import { readLedger } from './checker/ledger';
import { FAULTS_USAGE, type FaultsOptions, readFaultsOptions } from './options';
import { owed } from './owed';
import { describePlan } from './plan/describe';
import { makePlan } from './plan/plan';
import { random } from './plan/random';
import { clockFrom, playJobs, playKills } from './play';
import { callGateways } from './stage/gateways';
import { openStage, victimsOf } from './stage/open-stage';
import { SYSTEMS } from './systems/registry';

/** What comes too late, or too often, shows in this time. */
const QUIET_MS = 4_000;

async function main(options: FaultsOptions): Promise<number> {
  const began = Date.now();
  const say = (line: string) => {
    process.stderr.write(`${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
  };
  const directory = resolve(options.directory ?? mkdtempSync(join(tmpdir(), 'jobherald-faults-')));
  mkdirSync(directory, { recursive: true });
  const told = owed();
  const run = systemsOf(options);
  const stop = new AbortController();

  const stage = await openStage({
    ...options,
    directory,
    misbehaves: 0.5,
    wrongClocks: true,
    systems: run.openers,
    onTaken: told.taken,
    say,
  });
  try {
    const plan = makePlan({ ...options, systems: run.names, victims: victimsOf(stage) });
    say(describePlan(plan));
    const clock = clockFrom(await stage.begin(), stop.signal);
    say('everything runs; here begin the faults');
    const journal = {
      ...stage.journal,
      accepted: (job: Parameters<typeof stage.journal.accepted>[0]) => {
        stage.journal.accepted(job);
        for (const endpoint of job.endpoints) told.add({ endpoint, ...job });
      },
    };
    const gateways = callGateways(stage.gateways, random(`${options.seed}/clients`), stop.signal);
    const watch = setInterval(() => say(`${told.count()} ends are owed`), 10_000);
    const playing = playJobs(plan.jobs, stage.systems, { gateways, journal, ...clock });
    await playKills(plan.kills, stage.parts, clock, say);
    say('the last of the killed is back; what is owed has to come now');
    const giveUp = setTimeout(() => stop.abort(new Error('the run is over')), options.patienceMs);
    const unplayed = await playing;
    while (told.count() > 0 && !stop.signal.aborted) await sleep(200);
    clearTimeout(giveUp);
    clearInterval(watch);
    if (told.count() > 0) say(`gave up waiting for ${told.count()}: ${told.some().join('; ')}`);
    await sleep(QUIET_MS);

    const verdict = check(readLedger(directory));
    for (const finding of [...verdict.findings, ...unplayed, ...stage.crashes]) say(finding);
    const ok = verdict.ok && unplayed.length === 0 && stage.crashes.length === 0;
    const result = {
      seed: options.seed,
      broken: options.broken,
      jobs: plan.jobs.length,
      kills: plan.kills.length,
      systems: { run: run.names, not_run: run.notRun },
      temporal: options.temporal
        ? { run: 'a server of your own', not_run: { sqlite: 'a server of your own was given' } }
        : { run: 'sqlite', not_run: { postgresql: 'no server was given by --temporal' } },
      ...verdict,
      ok,
      not_played: unplayed.length,
      crashes: stage.crashes,
      seconds: Math.round((Date.now() - began) / 1_000),
    };
    await stage.close();
    if (ok && options.directory === undefined) rmSync(directory, { recursive: true, force: true });
    else say(`ledgers and logs are in ${directory}`);
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return ok ? 0 : 1;
  } finally {
    await stage.close();
  }
}

function systemsOf({ systems }: FaultsOptions) {
  const chosen = systems.map((name) => ({ name, system: SYSTEMS[name] }));
  return {
    names: chosen.flatMap(({ name, system }) => (typeof system === 'function' ? [name] : [])),
    openers: chosen.flatMap(({ system }) => (typeof system === 'function' ? [system] : [])),
    notRun: Object.fromEntries(
      chosen.flatMap(({ name, system }) => (typeof system === 'function' ? [] : [[name, system.notRun]])),
    ),
  };
}

if (process.argv.includes('--help')) {
  process.stdout.write(FAULTS_USAGE);
} else {
  main(readFaultsOptions(process.argv.slice(2))).then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
}
