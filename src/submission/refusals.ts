import type { EventName } from '../../schemas/types';
import type { Config } from '../config/config';
import { didYouMean } from '../domain/did-you-mean';

/** Why a submission may not name an endpoint. */
export function notConfigured(endpoint: string, { endpoints }: Config): string {
  const known = endpoints.map(({ name }) => name);
  return `endpoint ${endpoint} is not configured${didYouMean(endpoint, known)}; configured endpoints: ${known.join(', ') || 'none'}`;
}

/** Why nothing can be done with a job of a provider. */
export function unknownProvider(provider: string, known: readonly string[]): string {
  return `provider ${provider} is not known${didYouMean(provider, known)}; there is ${known.join(', ')}`;
}

/** Why a submission may not name a secret. */
export function unknownSecret(secret: string, { secrets }: Config): string {
  return `secret ${secret} is not configured${didYouMean(secret, Object.keys(secrets))}`;
}

/** Why an endpoint of a format may not be asked for an event. */
export function unsupportedEvent(event: EventName, format: string): string {
  return `the format ${format} has no word for ${event}`;
}
