import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../../schemas/types';

const LOOK_EVERY_MS = 100;

/** The few requests of the demo, as any HTTP client would make them. */
export interface GatewayCalls {
  /** POST /v1/jobs */
  submit(job: string, endpoint: string): Promise<Job>;
  /** POST /ingress/pubsub: what Pub/Sub's push sends of a message that a handler published. */
  pushMessage(content: unknown): Promise<number>;
  /** GET /v1/jobs/vertex-ai/{job}, until it is known and as asked for. */
  jobOnce(job: string, is: (job: Job) => boolean): Promise<Job>;
}

export function callGateway(origin: string, signal: AbortSignal): GatewayCalls {
  const send = (path: string, body?: unknown): Promise<Response> =>
    fetch(origin + path, {
      signal,
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
  const succeeded = async (response: Response): Promise<Response> => {
    if (response.ok) return response;
    throw new Error(`${new URL(response.url).pathname} answered ${response.status}: ${await response.text()}`);
  };
  const call = async (path: string, body?: unknown) => succeeded(await send(path, body));
  const json = async (response: Response) => (await response.json()) as Job;

  return {
    submit: async (job, endpoint) =>
      json(await call('/v1/jobs', { provider: 'vertex-ai', job, endpoints: [endpoint] })),
    async pushMessage(content) {
      const data = Buffer.from(JSON.stringify(content)).toString('base64');
      const message = { data, messageId: String(randomInt(2 ** 47)), publishTime: new Date().toISOString() };
      const { status } = await call('/ingress/pubsub', {
        message,
        subscription: 'projects/demo/subscriptions/jobherald',
      });
      return status;
    },
    async jobOnce(job, is) {
      for (;;) {
        const response = await send(`/v1/jobs/vertex-ai/${encodeURIComponent(job)}`);
        const seen = response.status === 404 ? undefined : await json(await succeeded(response));
        if (seen && is(seen)) return seen;
        await sleep(LOOK_EVERY_MS, undefined, { signal });
      }
    },
  };
}
