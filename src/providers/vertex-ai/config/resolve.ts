import type { VertexAiSection } from '../../../../schemas/types';
import type { VertexAiConfig } from '../../../config/config';
import { DEFAULTS } from '../../../config/defaults';
import { resolvePoll } from '../../../config/resolve-poll';
import { resolveTrack } from '../../../config/resolve-track';

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
