import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check, type Verdict } from './checker/check';
import { readLedger } from './checker/ledger';
import { type PendingEnds, pendingEnds } from './pending-ends';
import type { SystemName, Victim } from './plan/names';
import { countLoads, describePlan, type Plan } from './plan/plan';
import { random } from './plan/random';
import { type Clock, clockFrom, playJobs, playKills } from './play';
import { callGateways } from './stage/gateways';
import { openStage, type Stage, victimsOf } from './stage/open-stage';
import type { TemporalChoice } from './stage/temporal-part';
import { SYSTEMS } from './systems/registry';

export interface Performance {
  readonly seed: string;
  readonly phaseMs: number;
  readonly systems: readonly SystemName[];
  /** Of the attempts at a receiver, how many are misbehaved with. */
  readonly misbehaves: number;
  readonly wrongClocks: boolean;
  /** Hooks of `faults/broken/` that break the build. */
  readonly broken: readonly string[];
  readonly temporal: TemporalChoice;
  /** What Node.js is given before the bin. */
  readonly nodeArgs?: readonly string[];
  /** How long the pending ends may take after the last fault, ms. */
  readonly patienceMs: number;
  /** Where ledgers and logs are kept; by default a new directory that is removed after a run that was right. */
  readonly directory?: string;
  /** @param victims who is there to be killed */
  readonly plan: (systems: readonly SystemName[], victims: readonly Victim[]) => Plan;
  /** What is done beside the jobs, from the beginning on, until the signal. */
  readonly beside?: (stage: Stage, clock: Clock, signal: AbortSignal) => Promise<void>;
  readonly say: (line: string) => void;
}

/** What came of a run; the members of the last line of output. */
export interface Performed extends Verdict {
  readonly seed: string;
  readonly broken: readonly string[];
  readonly jobs: number;
  readonly kills: number;
  /** Jobs with a hostile load, by its kind. */
  readonly loads: Readonly<Record<string, number>>;
  readonly systems: { readonly run: readonly SystemName[]; readonly not_run: Readonly<Record<string, string>> };
  readonly temporal: TemporalChoice['kind'];
  /** Jobs that could not be made to live as planned. */
  readonly not_played: number;
  /** Processes that ended by themselves, or not as they should. */
  readonly crashes: readonly string[];
  readonly seconds: number;
}

/** What comes too late, or too often, shows in this time. */
const QUIET_MS = 4_000;
const REPORT_EVERY_MS = 10_000;

/** One whole run: everything is started, lives and is killed as planned, is judged by the checker, and ended. */
export async function perform(options: Performance): Promise<Performed> {
  const began = Date.now();
  const { seed, broken, say } = options;
  const directory = resolve(options.directory ?? mkdtempSync(join(tmpdir(), 'jobherald-faults-')));
  mkdirSync(directory, { recursive: true });
  const pending = pendingEnds();
  const { names, openers, notRun } = chosen(options.systems);
  const stage = await openStage({ ...options, directory, systems: openers, onTaken: pending.taken });
  try {
    const plan = options.plan(names, victimsOf(stage));
    say(describePlan(plan));
    const unplayed = await play(plan, stage, pending, options);
    const verdict = check(readLedger(directory));
    for (const finding of [...verdict.findings, ...unplayed]) say(finding);
    const ok = verdict.ok && unplayed.length === 0 && stage.crashes.length === 0;
    await stage.close();
    if (ok && options.directory === undefined) rmSync(directory, { recursive: true, force: true });
    else say(`ledgers and logs are in ${directory}`);
    return {
      seed,
      broken,
      jobs: plan.jobs.length,
      kills: plan.kills.length,
      loads: countLoads(plan.jobs),
      systems: { run: names, not_run: notRun },
      temporal: options.temporal.kind,
      ...verdict,
      ok,
      not_played: unplayed.length,
      crashes: stage.crashes,
      seconds: Math.round((Date.now() - began) / 1_000),
    };
  } finally {
    await stage.close();
  }
}

/** @returns what went wrong in making the jobs live */
async function play(
  plan: Plan,
  stage: Stage,
  pending: PendingEnds,
  { seed, patienceMs, beside, say }: Performance,
): Promise<readonly string[]> {
  const stop = new AbortController();
  const clock = clockFrom(await stage.begin(), stop.signal);
  say('everything runs; here it begins');
  const journal: Stage['journal'] = {
    ...stage.journal,
    accepted(job) {
      stage.journal.accepted(job);
      for (const endpoint of job.endpoints) pending.add({ endpoint, ...job });
    },
  };
  const gateways = callGateways(stage.gateways, random(`${seed}/clients`), stop.signal);
  const reporting = setInterval(() => say(`${pending.count()} ends are pending`), REPORT_EVERY_MS);
  const aside = beside?.(stage, clock, stop.signal);
  try {
    const playing = playJobs(plan.jobs, stage.systems, {
      gateways,
      journal,
      inline: stage.inline,
      signal: stop.signal,
      ...clock,
    });
    await playKills(plan.kills, stage.parts, clock, say);
    await clock.until(plan.phaseMs);
    say('no more faults; the pending ends have to come now');
    const giveUp = setTimeout(() => stop.abort(new Error('the run is over')), patienceMs);
    const unplayed = await playing;
    while (pending.count() > 0 && !stop.signal.aborted) await sleep(200);
    clearTimeout(giveUp);
    if (pending.count() > 0) say(`gave up waiting for ${pending.count()}: ${pending.some().join('; ')}`);
    await sleep(QUIET_MS);
    return unplayed;
  } finally {
    clearInterval(reporting);
    stop.abort(new Error('the run is over'));
    await aside;
  }
}

function chosen(systems: readonly SystemName[]) {
  const all = systems.map((name) => ({ name, system: SYSTEMS[name] }));
  return {
    names: all.flatMap(({ name, system }) => (typeof system === 'function' ? [name] : [])),
    openers: all.flatMap(({ system }) => (typeof system === 'function' ? [system] : [])),
    notRun: Object.fromEntries(
      all.flatMap(({ name, system }) => (typeof system === 'function' ? [] : [[name, system.notRun]])),
    ),
  };
}
