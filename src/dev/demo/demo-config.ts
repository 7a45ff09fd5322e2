import { createServer } from 'node:net';
import { stringify } from 'yaml';
import type { Config } from '../../config/config';
import { parseConfig } from '../../config/load-config';

/** Where the demo's jobs run. */
export const DEMO_SCOPE = 'projects/123456789012/locations/us-central1';

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
    providers: {
      'vertex-ai': {
        api_endpoint: vertexAi,
        insecure: true,
        // Every batch prediction job of the project, whoever started it. A minute's work in seconds: sweeps are more frequent.
        track: { auto: true, scopes: [DEMO_SCOPE], endpoints: ['predictions'] },
        sweep: { every: '2s' },
      },
    },
  });
}

export function parseDemoConfig(text: string): Config {
  return parseConfig(text, { env: {}, cwd: '/' });
}

const HOST = '127.0.0.1';
const UI_OFFSET = 1_000;

export interface DemoPorts {
  /** Of Temporal; its Web UI is 1000 above. */
  readonly temporal: number;
  readonly gateway: number;
  readonly worker: number;
}

/** jobherald's default ports where they are free, others where they are not. */
export async function freePorts(): Promise<DemoPorts> {
  return {
    temporal: await firstFree(7233, [0, UI_OFFSET]),
    gateway: await firstFree(8080, [0]),
    worker: await firstFree(8081, [0]),
  };
}

/** @param offsets these above the port must be free as well */
async function firstFree(preferred: number, offsets: readonly number[]): Promise<number> {
  for (let port = preferred; ; port = await anyPort()) {
    const free = await Promise.all(offsets.map((offset) => isFree(port + offset)));
    if (free.every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  return port <= 65_535 && (await bind(port).catch(() => undefined)) !== undefined;
}

function anyPort(): Promise<number> {
  return bind(0);
}

/** Binds the port for a moment and resolves with it. */
function bind(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host: HOST, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
