/** What one attempt came to, whatever the channel. */
export type Outcome =
  /** The endpoint took it. */
  | { readonly kind: 'delivered' }
  /** Try again. `slow`: the endpoint refuses for a lasting reason, so use the slow half of the schedule. */
  | { readonly kind: 'retry'; readonly slow: boolean; readonly retryAfterMs?: number; readonly pauseEndpoint?: boolean }
  /** The endpoint wants this message never. `pauseEndpoint`: and no other either (410). */
  | { readonly kind: 'gone'; readonly pauseEndpoint: boolean; readonly reason: string };

export const DELIVERED = { kind: 'delivered' } as const satisfies Outcome;

/** May pass by itself: network fault, overload. */
export const RETRY = { kind: 'retry', slow: false } as const satisfies Outcome;

/** Needs somebody to mend something: a wrong configuration, a broken receiver. */
export const RETRY_SLOWLY = { kind: 'retry', slow: true } as const satisfies Outcome;
