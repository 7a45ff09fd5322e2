import { readdirSync, readFileSync } from 'node:fs';
import type { Clock } from '../play';
import type { Part } from '../stage/part';

/** What one process held at one time. */
export interface Sample {
  readonly process: string;
  readonly pid: number;
  /** Since the start of the run. */
  readonly atMs: number;
  /** Resident set, bytes. */
  readonly rss: number;
  /** Open handles. */
  readonly handles: number;
}

/**
 * Looks at every process now and then, until the signal. Linux says in `/proc` what a process holds; where there is no
 * such folder nothing is sampled.
 */
export async function sampleProcesses(options: {
  readonly parts: readonly Part[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly everyMs: number;
  readonly take: (sample: Sample) => void;
}): Promise<void> {
  const { parts, clock, signal, everyMs, take } = options;
  for (let at = everyMs; !signal.aborted; at += everyMs) {
    await clock.until(at).catch(() => undefined); // ends with the signal
    for (const part of parts) {
      const pid = part.pid();
      const held = pid === undefined ? undefined : heldBy(pid);
      if (pid !== undefined && held !== undefined) take({ process: part.name, pid, atMs: clock.now(), ...held });
    }
  }
}

/** Undefined if the process is gone. Source: proc_pid_status(5), proc_pid_fd(5). */
function heldBy(pid: number): Pick<Sample, 'rss' | 'handles'> | undefined {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const handles = readdirSync(`/proc/${pid}/fd`).length;
    return kibibytes === undefined ? undefined : { rss: Number(kibibytes) * 1_024, handles };
  } catch {
    return undefined;
  }
}
