import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An Argo server on loopback: the part of its REST API that jobherald calls. Tests set its workflows. */
export interface ArgoEmulator {
  /** For `providers.monai.argo.url`. */
  readonly url: string;
  /** Every request so far: `GET md-argo-1`, `PUT md-argo-1/terminate`, `DELETE md-argo-1`. */
  readonly requests: readonly string[];
  /** Creates a workflow, or replaces its `status`. */
  set(name: string, status: Readonly<Record<string, unknown>>): void;
  /** Answers every request with this status and body until it is undefined again. */
  failWith(answer: { readonly status: number; readonly body?: string } | undefined): void;
  close(): Promise<void>;
}

export interface ArgoEmulatorOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Default `argo`. */
  readonly namespace?: string;
  /** The bearer token of every request; '' for none. */
  readonly token?: string;
}

const ENDED = ['Succeeded', 'Failed', 'Error'];

/** Answers as Argo Workflows 3 does: a refusal has gRPC's code in its body. */
export async function startArgoEmulator(options: ArgoEmulatorOptions = {}): Promise<ArgoEmulator> {
  const { port = 0, namespace = 'argo', token = '' } = options;
  const workflows = new Map<string, Readonly<Record<string, unknown>>>();
  const requests: string[] = [];
  let failure: { readonly status: number; readonly body?: string } | undefined;

  const answer = (request: IncomingMessage): { readonly status: number; readonly body: string } => {
    const { pathname } = new URL(request.url ?? '/', 'http://argo');
    const [name = '', action] = pathname
      .replace(`/api/v1/workflows/${namespace}/`, '')
      .split('/')
      .map(decodeURIComponent);
    requests.push(`${request.method} ${name}${action === undefined ? '' : `/${action}`}`);
    if (failure) return { status: failure.status, body: failure.body ?? '' };
    if (token !== '' && request.headers.authorization !== `Bearer ${token}`) {
      return refusal(401, 16, 'token not valid. see https://argo-workflows.readthedocs.io/en/latest/faq/');
    }
    const status = workflows.get(name);
    if (!pathname.startsWith(`/api/v1/workflows/${namespace}/`) || status === undefined) {
      return refusal(404, 5, `workflows.argoproj.io "${name}" not found`);
    }
    const workflow = () => JSON.stringify({ metadata: { name, namespace }, spec: {}, status: workflows.get(name) });
    switch (`${request.method} ${action ?? ''}`) {
      case 'GET ':
        return { status: 200, body: workflow() };
      case 'PUT terminate':
        if (ENDED.includes(String(status['phase']))) return refusal(400, 3, 'cannot shutdown a completed workflow');
        workflows.set(name, { ...status, phase: 'Failed', message: "Stopped with strategy 'Terminate'" });
        return { status: 200, body: workflow() };
      case 'DELETE ':
        workflows.delete(name);
        return { status: 200, body: '{}' };
      default:
        return refusal(501, 12, 'Method Not Allowed');
    }
  };

  const server = createServer((request, response) => {
    request.resume().on('end', () => send(response, answer(request)));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    set: (name, status) => {
      workflows.set(name, status);
    },
    failWith: (next) => {
      failure = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refusal(status: number, code: number, message: string): { readonly status: number; readonly body: string } {
  return { status, body: JSON.stringify({ code, message }) };
}

function send(response: ServerResponse, { status, body }: { readonly status: number; readonly body: string }): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
