import {
  badSignatures,
  beyondBounds,
  bytesThatDiffer,
  effectFaults,
  logicalDuplicates,
  lost,
  outOfOrder,
  unasked,
  wrongIdentities,
  wrongStates,
} from './findings';
import type { Ledger } from './ledger';
import { readArrivals } from './read-event';

/** What the ledgers of a run say. Every count but those of `accepted`, `attempts` and `effects` must be 0. */
export interface Verdict {
  readonly ok: boolean;
  /** Jobs whose submission was answered as accepted. */
  readonly accepted: number;
  readonly attempts: number;
  /** Job and endpoint: the end was never taken. */
  readonly lost: number;
  /** The same end, or the same moment, of a job under two identities, or two ends of one job. */
  readonly logical_duplicates: number;
  /** Attempts that came behind one of a later event of their job. */
  readonly out_of_order: number;
  /** Identities whose attempts had different bytes. */
  readonly bytes_differ: number;
  /** Ends that were reported otherwise than they were, or before they were. */
  readonly wrong_states: number;
  /** Identities that are not the published function of job, key and event. */
  readonly wrong_identities: number;
  readonly bad_signatures: number;
  readonly unreadable: number;
  /** Attempts about jobs that nobody had submitted, or at endpoints that are none of theirs. */
  readonly unasked: number;
  /** Hostile loads that were not refused or dealt with as they have to be; bodies and texts that are too large. */
  readonly beyond_bounds: number;
  /** At receivers that deduplicate: how many ends must have had one, and how many had exactly one, none, or more. */
  readonly effects: {
    readonly expected: number;
    readonly exactly_one: number;
    readonly none: number;
    readonly more: number;
  };
  /** The first of each kind, in words. */
  readonly findings: readonly string[];
}

const SHOWN = 5;

/** Pure: judges a run by its ledgers, and by nothing else. */
export function check(ledger: Ledger): Verdict {
  const { readable, unreadable } = readArrivals(ledger);
  const { faults: effects, ...effectCounts } = effectFaults(ledger, readable);
  const found = {
    lost: lost(ledger, readable),
    logical_duplicates: logicalDuplicates(readable),
    out_of_order: outOfOrder(readable),
    bytes_differ: bytesThatDiffer(readable),
    wrong_states: wrongStates(ledger, readable),
    wrong_identities: wrongIdentities(ledger, readable),
    bad_signatures: badSignatures(readable),
    unreadable,
    unasked: unasked(ledger, readable),
    beyond_bounds: beyondBounds(ledger, readable),
  };
  const findings = Object.entries({ ...found, effects }).flatMap(([kind, list]) =>
    list.slice(0, SHOWN).map((one) => `${kind}: ${one}`),
  );
  return {
    ok: findings.length === 0 && ledger.accepted.length > 0,
    accepted: ledger.accepted.length,
    attempts: ledger.arrivals.length,
    ...(Object.fromEntries(Object.entries(found).map(([kind, list]) => [kind, list.length])) as Record<
      keyof typeof found,
      number
    >),
    effects: effectCounts,
    findings,
  };
}
