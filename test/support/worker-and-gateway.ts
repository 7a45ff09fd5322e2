import { writeConfig } from './bin-config';
import { freePort } from './free-port';
import { type RunningBin, startBin } from './jobherald';
import { answersWith } from './probe';

export interface WorkerAndGateway {
  readonly worker: RunningBin & { readonly origin: string };
  readonly gateway: RunningBin & { readonly origin: string };
}

/**
 * Writes a jobherald.yaml and starts a worker and a gateway on it, as real processes at free ports. Resolves when both are
 * ready; they are ended by `endBins`.
 */
export async function startWorkerAndGateway(
  folder: string,
  sections: Parameters<typeof writeConfig>[1],
  env: Readonly<Record<string, string>> = {},
): Promise<WorkerAndGateway> {
  const ports = { worker: await freePort(), gateway: await freePort() };
  writeConfig(folder, {
    ...sections,
    worker: { ...sections['worker'], port: ports.worker },
    gateway: { ...sections['gateway'], port: ports.gateway },
  });
  const start = (name: keyof typeof ports) => ({
    ...startBin([name], { cwd: folder, env }),
    origin: `http://127.0.0.1:${ports[name]}`,
  });
  const [worker, gateway] = [start('worker'), start('gateway')];
  for (const { origin } of [worker, gateway]) await answersWith(200, `${origin}/readyz`);
  return { worker, gateway };
}
