import type { VertexAiSection } from '../../../schemas/types';
import { checkHostPort } from '../../config/checks/check-host-port';
import { checkOverdueAfter } from '../../config/checks/check-overdue-after';
import { checkPoll } from '../../config/checks/check-poll';
import { checkSweep } from '../../config/checks/check-sweep';
import { checkScopedTrack } from '../../config/checks/check-track';
import { checkHttpUrl } from '../../config/checks/check-url';
import { when } from '../../config/checks/when';
import type { Config, ScopedTrackConfig } from '../../config/config';
import { type Fault, pointerTo } from '../../config/fault';
import { resolvePoll } from '../../config/resolve-poll';
import { resolveOverdueAfter, resolveSafety, resolveSweep } from '../../config/resolve-sweep';
import { resolveScopedTrack } from '../../config/resolve-track';
import type { PollPace } from '../../domain/poll-pace';
import type { ConfigSection } from '../system';
import type { SweepPace } from '../watching';
import { canonicalTrackedScope, faultOfTrackedScope } from './job-name';

export interface VertexAiConfig {
  /** Whether the configuration has a section `vertex-ai`; without one its defaults hold. */
  readonly configured: boolean;
  /** host:port override (emulator, private endpoint); '' for `{location}-aiplatform.googleapis.com`. */
  readonly apiEndpoint: string;
  /** Plaintext gRPC without credential look-up; only with apiEndpoint. */
  readonly insecure: boolean;
  readonly poll: PollPace;
  readonly sweep: SweepPace;
  readonly safetyMs: number;
  readonly overdueAfterMs: number | null;
  readonly track: ScopedTrackConfig;
  /** Project id to project number, so that both spellings of a job name are one job. */
  readonly projects: Readonly<Record<string, string>>;
  readonly pubsub: {
    readonly push: {
      readonly audience: string;
      readonly serviceAccounts: readonly string[];
      /** Where Google's keys are; '' for Google's own. */
      readonly jwksUri: string;
    };
    readonly pull: {
      /** `projects/{project}/subscriptions/{name}`; '' for none. */
      readonly subscription: string;
      /** host:port override, plaintext without credential look-up where `insecure`; '' for Google's own. */
      readonly apiEndpoint: string;
    };
  };
}

export const vertexAiConfig: ConfigSection<'vertex-ai', VertexAiConfig> = {
  resolve: resolveVertexAi,
  check: checkVertexAi,
  isUsed: ({ configured }) => configured,
  isDefault: true,
};

function resolveVertexAi(given: VertexAiSection | undefined): VertexAiConfig {
  const section = given ?? {};
  const { push, pull } = section.pubsub ?? {};
  const projects = Object.fromEntries(
    Object.entries(section.projects ?? {}).map(([id, number]) => [id, String(number)]),
  );
  return {
    configured: given !== undefined,
    apiEndpoint: section.api_endpoint ?? '',
    insecure: section.insecure ?? false,
    poll: resolvePoll(section.poll),
    sweep: resolveSweep(section.sweep),
    safetyMs: resolveSafety(section.safety),
    overdueAfterMs: resolveOverdueAfter(section.overdue_after),
    track: resolveScopedTrack(section.track, (scope) => canonicalTrackedScope(scope, projects)),
    projects,
    pubsub: {
      push: {
        audience: push?.audience ?? '',
        serviceAccounts: (push?.service_accounts ?? []).map((account) => account ?? ''),
        jwksUri: push?.jwks_uri ?? '',
      },
      pull: { subscription: pull?.subscription ?? '', apiEndpoint: pull?.api_endpoint ?? '' },
    },
  };
}

const AT = pointerTo('providers', 'vertex-ai');

function checkVertexAi(
  { apiEndpoint, insecure, poll, track, pubsub, ...config }: VertexAiConfig,
  whole: Config,
): readonly Fault[] {
  return [
    ...when(insecure && apiEndpoint === '', {
      pointer: `${AT}/insecure`,
      text: 'is only for an emulator or a private endpoint; set api_endpoint to its host:port, or take insecure out',
    }),
    ...checkHostPort(`${AT}/api_endpoint`, apiEndpoint),
    ...checkPoll(`${AT}/poll`, poll),
    ...checkSweep(AT, config),
    ...checkOverdueAfter(AT, config),
    ...checkScopedTrack(`${AT}/track`, track, whole, faultOfTrackedScope),
    ...when((pubsub.push.audience === '') !== (pubsub.push.serviceAccounts.length === 0), {
      pointer: `${AT}/pubsub/push`,
      text: "needs both audience and service_accounts, or neither: one alone does not distinguish your pushes from anybody else's",
    }),
    ...checkHttpUrl(`${AT}/pubsub/push/jwks_uri`, pubsub.push.jwksUri),
    ...when(
      pubsub.pull.subscription !== '' && !/^projects\/[^/]+\/subscriptions\/[^/]+$/.test(pubsub.pull.subscription),
      {
        pointer: `${AT}/pubsub/pull/subscription`,
        text: 'must be projects/{project}/subscriptions/{name}',
      },
    ),
    ...checkHostPort(`${AT}/pubsub/pull/api_endpoint`, pubsub.pull.apiEndpoint),
  ];
}
