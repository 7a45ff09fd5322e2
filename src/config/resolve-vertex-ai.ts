import type { PollSection, VertexAiSection } from '../../schemas/types';
import { parseDuration } from '../domain/duration';
import type { PollPace } from '../domain/poll-pace';
import type { VertexAiConfig } from './config';
import { DEFAULTS } from './defaults';

const { vertexAi: DEFAULT } = DEFAULTS;

export function resolveVertexAi(section: VertexAiSection): VertexAiConfig {
  const { push, pull } = section.pubsub ?? {};
  return {
    apiEndpoint: section.api_endpoint ?? '',
    insecure: section.insecure ?? false,
    poll: resolvePoll(section.poll ?? {}),
    track: {
      auto: section.track?.auto ?? DEFAULT.track.auto,
      endpoints: (section.track?.endpoints ?? []).map((name) => name ?? ''),
    },
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

function resolvePoll(section: PollSection): PollPace {
  return {
    firstMs: section.first === undefined ? DEFAULT.poll.firstMs : parseDuration(section.first),
    factor: section.factor ?? DEFAULT.poll.factor,
    maxMs: section.max === undefined ? DEFAULT.poll.maxMs : parseDuration(section.max),
    lostAfterMs: section.lost_after === undefined ? DEFAULT.poll.lostAfterMs : parseDuration(section.lost_after),
  };
}
