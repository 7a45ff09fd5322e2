/**
 * The soak: `npm run soak`, with `-- --help` for its options. Jobs come at a steady rate for as long as is wished; every
 * job is judged as in the fault run, and memory and open handles of each process have to be flat at the end. Then it searches for a job
 * whose size loses an end.
 */
import { join } from 'node:path';
import { runCommand } from './command';
import { readSoakOptions, SOAK_USAGE } from './options';
import { perform } from './perform';
import { makePlan } from './plan/plan';
import { judge } from './soak/judge';
import { type Sample, sampleProcesses } from './soak/sample-processes';
import { searchBounds } from './soak/search-bounds';

/** Of each system's jobs, how many have a hostile load. */
const LOADS = 0.05;

runCommand(SOAK_USAGE, async (args, say) => {
  const options = readSoakOptions(args);
  const jobs = Math.floor((options.phaseMs / 1_000) * options.rate);
  const samples: Sample[] = [];
  const performed = await perform({
    ...options,
    broken: [],
    temporal: { kind: 'sqlite' },
    nodeArgs: ['--expose-gc', '--require', join(__dirname, 'soak/collect-garbage.cjs')],
    misbehaves: 0.1,
    wrongClocks: false,
    plan: (systems, victims) =>
      makePlan({ ...options, jobs, systems, victims: options.kills ? victims : [], spacing: 'steady', loads: LOADS }),
    beside: (stage, clock, signal) =>
      sampleProcesses({
        parts: stage.parts,
        clock,
        signal,
        everyMs: options.everyMs,
        take: (one) => samples.push(one),
      }),
    say,
  });
  const processes = judge(samples.filter(({ atMs }) => atMs <= options.phaseMs));
  // Where there is no /proc nobody has looked, and nobody can say.
  const flat = processes.length === 0 ? null : processes.every((one) => one.is_flat);
  for (const one of processes) say(JSON.stringify(one));
  if (flat === null) say('memory and open handles were not looked at: there is no /proc');
  if (flat === false) say('memory or open handles are not flat');
  const bounds = options.searchMs > 0 ? await searchBounds(options.searchMs, say) : null;
  if (bounds === false) say('a job was found whose size loses an end');
  return {
    ...performed,
    minutes: options.phaseMs / 60_000,
    rate: options.rate,
    processes,
    flat,
    bounds_hold: bounds,
    ok: performed.ok && flat !== false && bounds !== false,
  };
});
