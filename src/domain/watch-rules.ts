/** How a run watches its job; its provider says so, and it is fixed when the run starts. */
export interface WatchRules {
  /**
   * provider: its API is asked, and messages only wake · messages: there is no API to ask; the authenticated status
   * reports are the truth.
   */
  readonly truth: 'provider' | 'messages';
  /** identity: there is nothing to ask about before a callback has named the provider's own identity. Default: start. */
  readonly ask_from?: 'start' | 'identity';
  /** What a missed heartbeat deadline means where there is nothing to ask. Default: nothing. */
  readonly stalled?: StalledRule;
  /** Seconds from the run's start after which the job is FAILED with reason `TIMED_OUT`. Default: never. */
  readonly timeout_seconds?: number;
  /** Seconds after which the run asks by itself, should nobody else look. Default: 6 hours. */
  readonly safety_seconds?: number;
  /** Whether the provider's `release` is called, once, when the end is recorded. Default: false. */
  readonly release?: boolean;
}

export interface StalledRule {
  /** Seconds that a heartbeat may be late. */
  readonly grace_seconds: number;
  /** After so many deadlines in a row without a heartbeat the job is FAILED with reason `STALLED`; 0: never. */
  readonly fail_after: number;
}

export const ASK_THE_PROVIDER: WatchRules = { truth: 'provider' };
