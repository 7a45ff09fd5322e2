import type { HttpServiceConfig } from '../../config/config';
import { fillUrlTemplate } from '../../domain/template';
import { ProviderError } from '../provider';
import type { HttpAnswer } from './client';

/**
 * Says as much as can be known without a job: with `check`, whether that URL answers 2xx to the configured headers; without,
 * whether the service answers at all.
 * @throws {ProviderError}
 */
export async function checkService(
  { name, url, check }: HttpServiceConfig,
  get: (url: string) => Promise<HttpAnswer>,
): Promise<string> {
  if (check === '') {
    const { origin } = new URL(fillUrlTemplate(url, { job: 'x' }));
    await get(`${origin}/`);
    return `reached ${origin}; its headers were not tried, as providers.http.${name} has no check`;
  }
  const { status } = await get(check);
  const { origin, pathname } = new URL(check);
  if (status >= 200 && status <= 299) return `reached ${origin}${pathname}, which takes its headers`;
  const denied = status === 401 || status === 403;
  throw new ProviderError(
    denied ? 'permission_denied' : 'unavailable',
    `${origin}${pathname} answers HTTP ${status}${denied ? '; check the headers and the credentials they name' : ''}`,
  );
}
