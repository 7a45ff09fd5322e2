import type { VertexAiSection } from '../../schemas/types';
import type { VertexAiConfig } from './config';
import { DEFAULTS } from './defaults';
import { resolvePoll } from './resolve-poll';
import { resolveTrack } from './resolve-track';

const { vertexAi: DEFAULT } = DEFAULTS;

export function resolveVertexAi(given: VertexAiSection | undefined): VertexAiConfig {
  const section = given ?? {};
  const { push, pull } = section.pubsub ?? {};
  return {
    configured: given !== undefined,
    apiEndpoint: section.api_endpoint ?? '',
    insecure: section.insecure ?? false,
    poll: resolvePoll(section.poll),
    track: resolveTrack(section.track, DEFAULT.track),
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
