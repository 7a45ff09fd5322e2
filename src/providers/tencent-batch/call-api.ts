import { isObject, type JsonObject, parseJsonOrUndefined, textAt } from '../../domain/json';
import { openConnections } from '../../http/connections';
import { fetchAnswer, type HttpAnswer, UnreadableAnswerError } from '../../http/read-answer';
import { ProviderError } from '../provider';
import { type Action, refusalOf, unreachable, unreadable } from './api-error';
import type { TencentBatchConfig } from './config';
import { tc3Authorization } from './tc3-signature';

export const SERVICE = 'batch';
export const API_VERSION = '2017-03-12';

export interface BatchApi {
  /** host:port, or the host alone for the scheme's default port. */
  readonly host: string;
  /**
   * Calls an action of API 3.0, and resolves with its `Response`.
   * @param what the job, or what else the call is about, for the error's message
   * @param parameters default: the job's id
   * @throws {ProviderError} by the API's error code; `unavailable` for everything between here and the API
   */
  call(action: Action, what: string, signal: AbortSignal, parameters?: object): Promise<JsonObject>;
  close(): Promise<void>;
}

/**
 * The API of Tencent Batch, without Tencent's SDK: that is a client of every product of theirs (over 100 MB), and a
 * call is one signed POST.
 * @param deadlineMs the timeout of one call
 */
export function createBatchApi(config: TencentBatchConfig, deadlineMs: number): BatchApi {
  const address = apiAddress(config.endpoint);
  const connections = openConnections({ origin: address.origin });

  const send = async (action: Action, parameters: object, signal: AbortSignal): Promise<HttpAnswer> => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    try {
      const body = JSON.stringify(parameters);
      const headers = headersOf(action, body, config, address.host);
      return await fetchAnswer(connections, { method: 'POST', path: '/', headers, body }, deadline);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof UnreadableAnswerError) throw unreadable(address.host, error);
      throw unreachable(address.host, deadline.aborted ? new Error(`no answer within ${deadlineMs} ms`) : error);
    }
  };

  return {
    host: address.host,
    async call(action, what, signal, parameters = { JobId: what }) {
      if (signal.aborted) throw signal.reason;
      if (config.secretId === '' || config.secretKey === '') {
        throw new ProviderError(
          'permission_denied',
          'no key for Tencent Cloud: set secret_id and secret_key under providers.tencent-batch',
        );
      }
      const answer = await send(action, parameters, signal);
      const response = responseOf(answer, address.host);
      const error = response['Error'];
      if (isObject(error)) {
        throw refusalOf(
          { code: textAt(error, 'Code') ?? 'unknown', message: textAt(error, 'Message') ?? '' },
          { action, what },
        );
      }
      return response;
    },
    close: async () => connections.destroy(),
  };
}

/** Source: https://www.tencentcloud.com/document/product/599/33211 (common parameters) */
function headersOf(action: Action, payload: string, config: TencentBatchConfig, host: string): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1000);
  const signed = { 'content-type': 'application/json; charset=utf-8', host };
  return {
    ...signed,
    authorization: tc3Authorization({ headers: signed, payload, timestamp, service: SERVICE }, config),
    'x-tc-action': action,
    'x-tc-version': API_VERSION,
    'x-tc-timestamp': String(timestamp),
    ...(config.region !== '' && { 'x-tc-region': config.region }),
  };
}

/** API 3.0 answers 200 with `{Response: …}`, also to refuse. Any other answer is a proxy's or a gateway's. */
function responseOf({ status, body }: HttpAnswer, host: string): JsonObject {
  const document = parseJsonOrUndefined(body);
  const response = isObject(document) ? document['Response'] : undefined;
  if (isObject(response)) return response;
  const error = new Error(`HTTP ${status} without a response of API 3.0`);
  throw status === 200 ? unreadable(host, error) : unreachable(host, error);
}

const PUBLIC_ORIGIN = 'https://batch.tencentcloudapi.com';

/**
 * The API's address: the public one, or the configured one, a host (`batch.intl.tencentcloudapi.com`, a VPC's
 * `batch.internal.tencentcloudapi.com`) or an origin (`http://127.0.0.1:9000`).
 * @throws {TypeError} for any other text, which the configuration's check refuses first
 */
function apiAddress(endpoint: string): URL {
  if (endpoint === '') return new URL(PUBLIC_ORIGIN);
  return new URL(/^https?:\/\//i.test(endpoint) ? endpoint : `https://${endpoint}`);
}
