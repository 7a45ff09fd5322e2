import { stringify } from 'yaml';
import type { Config } from '../../config/config';
import { parseConfig } from '../../config/load-config';
import type { DemoPorts } from './free-ports';

export interface DemoConfigParts {
  readonly ports: DemoPorts;
  /** host:port of the Vertex AI emulator. */
  readonly vertexAi: string;
  readonly receiverUrl: string;
  /** `whsec_…` */
  readonly secret: string;
}

/** The demo's jobherald.yaml: what a user would write, and read by the same code. */
export function demoConfigText({ ports, vertexAi, receiverUrl, secret }: DemoConfigParts): string {
  return stringify({
    temporal: { address: `127.0.0.1:${ports.temporal}` },
    worker: { port: ports.worker },
    gateway: { port: ports.gateway },
    secrets: { demo: [secret] },
    network: { allow: ['127.0.0.1/32'] },
    endpoints: [
      {
        name: 'predictions',
        url: receiverUrl,
        secret: 'demo',
        format: 'vertex-ai',
        retry: { first: '1s', factor: 2, max: '1m', for: '1h' },
      },
    ],
    providers: { 'vertex-ai': { api_endpoint: vertexAi, insecure: true } },
  });
}

export function parseDemoConfig(text: string): Config {
  return parseConfig(text, { env: {}, cwd: '/' });
}
