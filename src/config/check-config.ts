import type { ConfigFile } from '../../schemas/types';
import { SYSTEMS } from '../providers/registry';
import { checkCodec, checkCodecServer } from './checks/check-codec';
import { checkCredentials } from './checks/check-credentials';
import { checkEndpoints } from './checks/check-endpoints';
import { checkGateway } from './checks/check-gateway';
import { checkNetwork } from './checks/check-network';
import { checkReference } from './checks/check-reference';
import { checkSecrets } from './checks/check-secrets';
import { checkTemporal } from './checks/check-temporal';
import type { Config } from './config';
import type { Fault } from './fault';
import { pointToProfile, type TemporalProfile } from './temporal-profile';

/**
 * Everything that a schema cannot say.
 * @param file what the configuration was resolved from
 * @param profile what it was completed by
 */
export function checkConfig(config: Config, file: ConfigFile, profile: TemporalProfile): readonly Fault[] {
  const section = file.temporal ?? {};
  const isTlsOff = (section.tls ?? profile.tls) === false;
  const endpointNames = config.endpoints.map(({ name }) => name);
  return [
    ...pointToProfile(checkTemporal(config.temporal, isTlsOff), section, profile),
    ...checkGateway(config.gateway, endpointNames),
    ...checkCodec(config.temporal.codec),
    ...checkCodecServer(config.codecServer),
    ...checkSecrets(config.secrets),
    ...checkCredentials(config.credentials),
    ...checkNetwork(config.network),
    ...checkEndpoints(config, file.endpoints ?? []),
    ...checkReference('/operations/endpoint', config.operations.endpoint, endpointNames, 'endpoint'),
    ...SYSTEMS.flatMap(({ name, config: section }) =>
      section.check(config.providers[name], config, file.providers?.[name]),
    ),
  ];
}
