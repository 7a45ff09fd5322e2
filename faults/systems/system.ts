import type { Endpoint } from '../checker/ledger';
import type { PlannedJob } from '../plan/job';
import type { SystemName } from '../plan/names';
import type { TakenNote } from '../receivers/receiver-process';
import type { Gateways } from '../stage/gateways';
import type { InlineEndpoints } from '../stage/inline-endpoints';
import type { Journal } from '../stage/journal';
import type { Part } from '../stage/part';

/** One of the systems that run jobs, or what stands for it here: its jobs, how they are announced, how they end. */
export interface System {
  readonly name: SystemName;
  /** What it adds to jobherald.yaml. */
  readonly provider: object;
  /** Endpoints of its own, beside the webhooks; with what the configuration says of each. */
  readonly endpoints: readonly (Endpoint & { readonly config: object })[];
  /** Brokers of its own that can be killed. */
  readonly parts: readonly Part[];
  /** Lets one job live as planned. Resolves when it has ended and its last hint is sent. */
  play(job: PlannedJob, tools: PlayTools): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly directory: string;
  /** The names of the webhook endpoints. */
  readonly webhooks: readonly string[];
  readonly onTaken: (note: TakenNote) => void;
}

export interface PlayTools {
  readonly gateways: Gateways;
  readonly journal: Journal;
  /** What a submission may bring along by URL. */
  readonly inline: Pick<InlineEndpoints, 'choose' | 'taken'>;
  /** The run is over. */
  readonly signal: AbortSignal;
  /** Resolves so many ms after the run's start. */
  until(sinceStartMs: number): Promise<void>;
  /** Ms since the run's start. */
  now(): number;
}

/** Starts what stands for a system. */
export type OpenSystem = (options: OpenOptions) => Promise<System>;
