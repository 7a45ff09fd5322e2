import type { BulkRedelivery } from '../../schemas/types';
import { JobHeraldError } from '../domain/jobherald-error';
import type { Redeliveries } from '../engine/redeliveries';
import { createHttpSender, type HttpOptions } from './http-sender';

/**
 * {@link Redeliveries} over the gateway's HTTP API, as {@link createHttpJobs} speaks it.
 * @throws {JobHeraldError} `bad_request` for a url or token that cannot be used
 */
export function createHttpRedeliveries(options: HttpOptions): Redeliveries {
  const send = createHttpSender(options);
  return {
    async start(request) {
      return (await send('POST', '/v1/redeliveries', request)).value as BulkRedelivery;
    },
    async get(id) {
      if (!/^[\w-]+$/.test(id)) throw new JobHeraldError('bad_request', `"${id}" is no id of a bulk redelivery`);
      return (await send('GET', `/v1/redeliveries/${id}`)).value as BulkRedelivery;
    },
  };
}
