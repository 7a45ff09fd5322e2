import type { DeliveryState } from './delivery';
import type { Subscription } from './subscription';
import { jsonBytes } from './text-size';

/**
 * The search attributes of a job's run, as operators query them (`DeliveryState='exhausted'`).
 * Plain values in the shape of the SDK's typed keys, so that workflows, client and set-up share them
 * and the domain still imports nothing.
 */
export const SEARCH_ATTRIBUTES = {
  /** `vertex-ai` */
  JobProvider: { name: 'JobProvider', type: 'KEYWORD' },
  /** One of JOB_STATES. */
  JobState: { name: 'JobState', type: 'KEYWORD' },
  /** Every state present among the run's deliveries, and `pending:{endpoint}` of each endpoint that one is pending for. */
  DeliveryState: { name: 'DeliveryState', type: 'KEYWORD_LIST' },
  /** Every configured endpoint that the run notifies, and {@link INLINE} for all others together. */
  JobEndpoint: { name: 'JobEndpoint', type: 'KEYWORD_LIST' },
  /** How the end was noticed: `signal`, `poll`, `heartbeat`. */
  CompletedBy: { name: 'CompletedBy', type: 'KEYWORD' },
  /** When the job ended, by its provider's clock. */
  JobEndedAt: { name: 'JobEndedAt', type: 'DATETIME' },
} as const;

/** Temporal takes 2 KiB for an attribute, its own marks included. */
const MAX_LIST_BYTES = 1536;
/** Stands for the endpoints that a submission brought along: their names say nothing. No endpoint can be configured so. */
export const INLINE = 'inline';
/** Stands for the names that there is no room for. No endpoint's name begins with a plus. */
export const MORE = '+more';

type Address = Pick<Subscription, 'endpoint' | 'inline'>;

/** JobEndpoint of a run with these endpoints. */
export function endpointAttribute(addresses: readonly Address[]): string[] {
  return fitting([], namesOf(addresses), MORE);
}

/** DeliveryState of a run whose deliveries are in these states, some of them pending for these endpoints. */
export function deliveryStateAttribute(states: readonly DeliveryState[], pending: readonly Address[]): string[] {
  const names = namesOf(pending).map(pendingAt);
  return fitting([...new Set(states)].sort(), names, pendingAt(MORE));
}

/** In `DeliveryState`, while a delivery to this configured endpoint, or to an inline one, is pending. */
export function pendingAt(endpoint: string): string {
  return `pending:${endpoint}`;
}

/** The name by which visibility finds the runs that notify an endpoint. */
export function attributeNameOf({ endpoint, inline }: Address): string {
  return inline ? INLINE : endpoint;
}

/** Inline first: it stands for many. */
function namesOf(addresses: readonly Address[]): string[] {
  const names = [...new Set(addresses.map(attributeNameOf))];
  return names.includes(INLINE) ? [INLINE, ...names.filter((name) => name !== INLINE)] : names;
}

function fitting(first: readonly string[], names: readonly string[], more: string): string[] {
  const all = [...first, ...names];
  if (jsonBytes(all) <= MAX_LIST_BYTES) return all;
  const kept = [...first];
  for (const name of names) {
    if (jsonBytes([...kept, name, more]) > MAX_LIST_BYTES) break;
    kept.push(name);
  }
  return [...kept, more];
}
