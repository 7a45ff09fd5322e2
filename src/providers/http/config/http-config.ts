import type { ScopedTrackConfig } from '../../../config/config';
import type { JobState } from '../../../domain/job-state';
import type { PollPace } from '../../../domain/poll-pace';
import type { SweepPace } from '../../watching';

/** A provider each. */
export type HttpConfig = readonly HttpServiceConfig[];

/** One service under `providers.http`: a provider of its own. Credentials are filled in, but for those of the webhook. */
export interface HttpServiceConfig {
  /** The provider's name in URLs and workflow IDs. */
  readonly name: string;
  /** Where a job's status is: a URL with `{job}` or `{+job}` in it. */
  readonly url: string;
  /** Of every request; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** What may be read nowhere, because it is a credential that a header holds. */
  readonly credentialValues: readonly string[];
  /** A regular expression for the whole of a job's name; its group `job`, where there is one, is the one spelling. '' for any name. */
  readonly jobPattern: string;
  readonly state: {
    readonly at: HttpPointers;
    readonly map: Readonly<Record<string, JobState>>;
    /** The first that holds decides, before the map. */
    readonly rules: readonly HttpStateRule[];
  };
  readonly reason: HttpPointers;
  readonly message: HttpPointers;
  readonly error: { readonly code: HttpPointers; readonly message: HttpPointers };
  readonly outputs: readonly HttpOutput[];
  /** Name of a number of the event's `progress` to where it is. */
  readonly progress: Readonly<Record<string, HttpPointers>>;
  readonly startedAt: HttpPointers;
  readonly endedAt: HttpPointers;
  /** Null: the service cannot cancel. */
  readonly cancel: { readonly method: 'POST' | 'PUT' | 'DELETE'; readonly url: string } | null;
  /** Null: the service sends none. */
  readonly webhook: {
    /** `whsec_…`, `whsk_…`, `whpk_…`; one that matches is enough. */
    readonly keys: readonly string[];
    readonly job: HttpPointers;
    readonly state: HttpPointers;
  } | null;
  /** A URL that answers 2xx to the headers, for `jobherald check`; '' for none. */
  readonly check: string;
  /** Null: the service lists nothing. */
  readonly list: HttpList | null;
  readonly poll: PollPace;
  readonly sweep: SweepPace;
  readonly safetyMs: number;
  readonly overdueAfterMs: number | null;
  readonly track: ScopedTrackConfig;
}

/** JSON pointers (RFC 6901), of which the first that finds something counts. */
export type HttpPointers = readonly string[];

/** How the service lists its jobs, page by page. */
export interface HttpList {
  /** Of the first page. */
  readonly url: string;
  /** Of the list of jobs in a page; the other pointers are an item's. */
  readonly items: HttpPointers;
  readonly id: HttpPointers;
  readonly state: HttpPointers;
  readonly createdAt: HttpPointers;
  /** Null: there is one page. */
  readonly next: {
    /** Of the cursor, or of the next page's URL where there is no parameter. Empty: the cursor is the last item's id. */
    readonly at: HttpPointers;
    /** The query parameter that takes the cursor; '' where `at` finds a URL. */
    readonly parameter: string;
    /** Of a boolean; empty: there is a next page where there is a cursor. */
    readonly more: HttpPointers;
  } | null;
  readonly order: 'newest_first' | 'none';
}

/** Holds where everything that it names is so; null is not named. */
export interface HttpStateRule {
  /** The service's word for the state. */
  readonly when: string | null;
  /** What `above`, `equals` and `present` are about. */
  readonly at: HttpPointers;
  readonly above: number | null;
  readonly equals: string | null;
  readonly present: boolean | null;
  readonly state: JobState;
  /** '' for none. */
  readonly reason: string;
}

export interface HttpOutput {
  readonly at: HttpPointers;
  readonly type: string;
  /** A URL with `{value}` or `{+value}` in it; '' where the value is the URI. */
  readonly uri: string;
}
