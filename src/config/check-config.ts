import type { ConfigFile } from '../../schemas/types';
import { checkHttp } from '../providers/http/config/check';
import { checkMonai } from '../providers/monai/config/check';
import { checkSpec001 } from '../providers/spec-001/config/check';
import { checkTencentBatch } from '../providers/tencent-batch/config/check';
import { checkVertexAi } from '../providers/vertex-ai/config/check';
import { checkCredentials } from './checks/check-credentials';
import { checkEndpoints } from './checks/check-endpoints';
import { checkGateway } from './checks/check-gateway';
import { checkNetwork } from './checks/check-network';
import { checkReference } from './checks/check-reference';
import { checkSecrets } from './checks/check-secrets';
import { checkTemporal } from './checks/check-temporal';
import type { Config } from './config';
import type { Fault } from './fault';

/**
 * Everything that a schema cannot say.
 * @param file what the configuration was resolved from
 */
export function checkConfig(config: Config, file: ConfigFile): readonly Fault[] {
  const endpointNames = config.endpoints.map(({ name }) => name);
  return [
    ...checkTemporal(config.temporal, file.temporal?.tls),
    ...checkGateway(config.gateway),
    ...checkSecrets(config.secrets),
    ...checkCredentials(config.credentials),
    ...checkNetwork(config.network),
    ...checkEndpoints(config, file.endpoints ?? []),
    ...checkReference('/operations/endpoint', config.operations.endpoint, endpointNames, 'endpoint'),
    ...checkVertexAi(config.providers['vertex-ai'], endpointNames),
    ...checkTencentBatch(config.providers['tencent-batch'], endpointNames, config.gateway.host),
    ...checkMonai(config.providers.monai, endpointNames),
    ...checkSpec001(config.providers['spec-001'], endpointNames),
    ...checkHttp(config, file.providers?.http ?? {}),
  ];
}
