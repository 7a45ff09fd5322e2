import type { VertexAiSection } from '../../../schemas/types';
import { checkHostPort } from '../../config/checks/check-host-port';
import { checkPoll } from '../../config/checks/check-poll';
import { checkTrack } from '../../config/checks/check-track';
import { checkHttpUrl } from '../../config/checks/check-url';
import { when } from '../../config/checks/when';
import type { Config, TrackConfig } from '../../config/config';
import { type Fault, pointerTo } from '../../config/fault';
import { resolvePoll } from '../../config/resolve-poll';
import { resolveTrack } from '../../config/resolve-track';
import type { PollPace } from '../../domain/poll-pace';
import type { ConfigSection } from '../system';

export interface VertexAiConfig {
  /** Whether the configuration has a section `vertex-ai`; without one its defaults hold. */
  readonly configured: boolean;
  /** host:port override (emulator, private endpoint); '' for `{location}-aiplatform.googleapis.com`. */
  readonly apiEndpoint: string;
  /** Plaintext gRPC without credential look-up; only with apiEndpoint. */
  readonly insecure: boolean;
  readonly poll: PollPace;
  readonly track: TrackConfig;
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

const TRACK_DEFAULT: TrackConfig = { auto: false, endpoints: [] };

function resolveVertexAi(given: VertexAiSection | undefined): VertexAiConfig {
  const section = given ?? {};
  const { push, pull } = section.pubsub ?? {};
  return {
    configured: given !== undefined,
    apiEndpoint: section.api_endpoint ?? '',
    insecure: section.insecure ?? false,
    poll: resolvePoll(section.poll),
    track: resolveTrack(section.track, TRACK_DEFAULT),
    projects: Object.fromEntries(Object.entries(section.projects ?? {}).map(([id, number]) => [id, String(number)])),
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
  { apiEndpoint, insecure, poll, track, pubsub }: VertexAiConfig,
  { endpoints }: Config,
): readonly Fault[] {
  return [
    ...when(insecure && apiEndpoint === '', {
      pointer: `${AT}/insecure`,
      text: 'is only for an emulator or a private endpoint; set api_endpoint to its host:port, or take insecure out',
    }),
    ...checkHostPort(`${AT}/api_endpoint`, apiEndpoint),
    ...checkPoll(`${AT}/poll`, poll),
    ...checkTrack(`${AT}/track`, track, endpoints),
    ...when((pubsub.push.audience === '') !== (pubsub.push.serviceAccounts.length === 0), {
      pointer: `${AT}/pubsub/push`,
      text: "needs both audience and service_accounts, or neither: one alone does not tell your pushes from anybody else's",
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
