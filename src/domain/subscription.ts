import type { EventType } from './event-type';

/** One endpoint's interest in one job, fixed at submission so that a later configuration cannot change what a run sends. */
export interface Subscription {
  /** A configured endpoint's name, or `inline-` + 12 hex of SHA-256 of the URL. */
  readonly endpoint: string;
  /** Only of an inline endpoint: where it is and which configured secret signs. */
  readonly inline?: { readonly url: string; readonly secret?: string };
  readonly events: readonly EventType[];
  /** The name of the shape of the body. */
  readonly format: string;
  readonly vars?: readonly EventVar[];
  /** Exactly these events by a system's own names, each with its own vars; `events` then says the same in ours. */
  readonly selected?: readonly { readonly name: string; readonly vars: readonly EventVar[] }[];
  /** Who publishes it, in a format that says so. */
  readonly source?: { readonly application: string; readonly environment_type: string };
}

/** Comes back with each event, in formats that have a place for it. */
export interface EventVar {
  readonly name: string;
  readonly value: string;
}

/** The name of an endpoint that a submission brought along: it is in no configuration. */
export const INLINE_ENDPOINT = /^inline-[0-9a-f]{12}$/;

/**
 * The subscriptions of a run with those of a submission added. An endpoint that both name is notified of the events of both,
 * and gets the submission's vars.
 */
export function withAdded(known: readonly Subscription[], added: readonly Subscription[]): readonly Subscription[] {
  const kept = known.filter(({ endpoint }) => !added.some((each) => each.endpoint === endpoint));
  return [
    ...kept,
    ...added.map((each) => {
      const before = known.find(({ endpoint }) => endpoint === each.endpoint);
      return before ? union(before, each) : each;
    }),
  ];
}

function union(before: Subscription, { selected, ...added }: Subscription): Subscription {
  const events = [...new Set([...before.events, ...added.events])];
  if (selected && before.selected) {
    const others = before.selected.filter(({ name }) => !selected.some((each) => each.name === name));
    return { ...added, events, selected: [...others, ...selected] };
  }
  // Exactly these events here, and events by type there: vars of single events become those of all.
  const vars = selected?.flatMap((each) => each.vars);
  return { ...added, events, ...(vars && { vars }) };
}
