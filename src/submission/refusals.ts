import type { EventName } from '../../schemas/types';
import type { Config } from '../config/config';

/** Why a submission may not name an endpoint. */
export function notConfigured(endpoint: string, { endpoints }: Config): string {
  const known = endpoints.map(({ name }) => name).join(', ') || 'none';
  return `endpoint ${endpoint} is not configured; configured endpoints: ${known}`;
}

/** Why an endpoint of a format may not be asked for an event. */
export function unsupportedEvent(event: EventName, format: string): string {
  return `the format ${format} has no word for ${event}`;
}
