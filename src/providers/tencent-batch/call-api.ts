import { Agent } from 'undici';
import type { TencentBatchConfig } from '../../config/config';
import { isObject } from '../../domain/json';
import { ProviderError } from '../provider';
import { apiAddress } from './api-address';
import { type Action, refusalOf, unreachable } from './api-error';
import { tc3Authorization } from './tc3-signature';

export const SERVICE = 'batch';
export const API_VERSION = '2017-03-12';

/** A job of ten thousand tasks has an answer of some 2 MB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export interface BatchApi {
  /** host:port, or the host alone at the scheme's own port. */
  readonly host: string;
  /**
   * Calls an action of API 3.0 for one job, and resolves with its `Response`.
   * @throws {ProviderError} as the refusal says; `unavailable` for whatever comes in between
   */
  call(action: Action, job: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

/**
 * The API of Tencent Batch. By hand and not through Tencent's SDK, which is a client of every product there is (over
 * 100 MB) for what is one signed POST.
 * @param deadlineMs how long one call may take
 */
export function createBatchApi(config: TencentBatchConfig, deadlineMs: number): BatchApi {
  const address = apiAddress(config.endpoint);
  // An agent of its own, so that no proxy of the environment comes in between unasked.
  const agent = new Agent({ maxResponseSize: MAX_ANSWER_BYTES });

  const send = async (action: Action, job: string, signal: AbortSignal): Promise<Answer> => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    try {
      const payload = JSON.stringify({ JobId: job });
      const { statusCode, body } = await agent.request({
        origin: address.origin,
        path: '/',
        method: 'POST',
        headers: headersOf(action, payload, config, address.host),
        body: payload,
        signal: within,
      });
      return { status: statusCode, text: await body.text() };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw unreachable(address.host, within.aborted ? new Error(`no answer within ${deadlineMs} ms`) : error);
    }
  };

  return {
    host: address.host,
    async call(action, job, signal) {
      if (signal.aborted) throw signal.reason;
      if (config.secretId === '' || config.secretKey === '') {
        throw new ProviderError(
          'permission_denied',
          'there is no key for Tencent Cloud: set secret_id and secret_key under providers.tencent-batch',
        );
      }
      const answer = await send(action, job, signal);
      const response = responseOf(answer, address.host);
      const error = response['Error'];
      if (isObject(error)) {
        throw refusalOf(
          { code: String(error['Code'] ?? 'unknown'), message: String(error['Message'] ?? '') },
          { action, job },
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

/** API 3.0 answers 200 with `{Response: …}` whatever it says; anything else comes from something before it. */
function responseOf({ status, text }: Answer, host: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const response = isObject(value) ? value['Response'] : undefined;
  if (!isObject(response)) throw unreachable(host, new Error(`HTTP ${status} and no answer of API 3.0`));
  return response;
}
