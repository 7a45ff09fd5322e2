import { Agent } from 'undici';
import { isObject, type JsonObject, parseJsonOrUndefined } from '../../domain/json';
import { ProviderError } from '../provider';
import { type Action, refusalOf, unreachable } from './api-error';
import type { TencentBatchConfig } from './config';
import { tc3Authorization } from './tc3-signature';

export const SERVICE = 'batch';
export const API_VERSION = '2017-03-12';

/** The response for a job of ten thousand tasks has about 2 MB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

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
  // An agent of its own, so a proxy of the environment is not used.
  const agent = new Agent({ maxResponseSize: MAX_ANSWER_BYTES });

  const send = async (action: Action, parameters: object, signal: AbortSignal): Promise<Answer> => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    try {
      const payload = JSON.stringify(parameters);
      const { statusCode, body } = await agent.request({
        origin: address.origin,
        path: '/',
        method: 'POST',
        headers: headersOf(action, payload, config, address.host),
        body: payload,
        signal: deadline,
      });
      return { status: statusCode, text: await body.text() };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
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
          { code: String(error['Code'] ?? 'unknown'), message: String(error['Message'] ?? '') },
          { action, what },
        );
      }
      return response;
    },
    close: () => agent.close(),
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
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
function responseOf({ status, text }: Answer, host: string): JsonObject {
  const body = parseJsonOrUndefined(text);
  const response = isObject(body) ? body['Response'] : undefined;
  if (!isObject(response)) throw unreachable(host, new Error(`HTTP ${status} without a response of API 3.0`));
  return response;
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
