import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An Argo server on loopback: the part of its REST API that jobherald calls. Tests set its workflows. */
export interface ArgoEmulator {
  /** For `providers.monai.argo.url`. */
  readonly url: string;
  /** How many lists of workflows were asked for so far; they are among the requests, too: `GET ?listOptions.limit=100&…`. */
  listCount(): number;
  /** The size of the last list's body. */
  lastListBytes(): number;
  /** Refuses lists alone, until it is undefined again; for a token without the verb `list`. */
  refuseLists(answer: { readonly status: number; readonly body?: string } | undefined): void;
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

const OPEN = 'workflows.argoproj.io/completed!=true';
const ENDED = ['Succeeded', 'Failed', 'Error'];

/** Answers as Argo Workflows 3 does: a refusal has gRPC's code in its body. */
export async function startArgoEmulator(options: ArgoEmulatorOptions = {}): Promise<ArgoEmulator> {
  const { port = 0, namespace = 'argo', token = '' } = options;
  const workflows = new Map<string, Readonly<Record<string, unknown>>>();
  const created = new Map<string, string>();
  const requests: string[] = [];
  let lastListBytes = 0;
  let listFailure: { readonly status: number; readonly body?: string } | undefined;
  let failure: { readonly status: number; readonly body?: string } | undefined;

  const list = (query: URLSearchParams): { readonly status: number; readonly body: string } => {
    const selector = query.get('listOptions.labelSelector') ?? '';
    if (selector !== '' && selector !== OPEN) return refusal(400, 3, `unable to parse the selector ${selector}`);
    const found = [...workflows].filter(([, { phase }]) => selector === '' || !ENDED.includes(String(phase)));
    // As Kubernetes has it, a token names the place in the order of names, so that what ends meanwhile moves nothing.
    found.sort(([one], [other]) => (one < other ? -1 : 1));
    const after = query.get('listOptions.continue') ?? '';
    const rest = found.filter(([name]) => name > after);
    const limit = Number(query.get('listOptions.limit') ?? 0) || rest.length;
    const page = rest.slice(0, limit);
    const items = page.map(([name, status]) => ({
      metadata: { name, namespace, creationTimestamp: created.get(name) },
      spec: {},
      status,
    }));
    const next = rest.length > limit ? page.at(-1)?.[0] : undefined;
    const body = {
      metadata: { resourceVersion: '1', ...(next && { continue: next }) },
      items: items.length ? items : null,
    };
    const text = JSON.stringify(only(body, query.get('fields') ?? ''));
    lastListBytes = Buffer.byteLength(text);
    return { status: 200, body: text };
  };

  const answer = (request: IncomingMessage): { readonly status: number; readonly body: string } => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://argo');
    const isList = pathname === `/api/v1/workflows/${namespace}` && request.method === 'GET';
    const [name = '', action] = pathname
      .replace(`/api/v1/workflows/${namespace}/`, '')
      .split('/')
      .map(decodeURIComponent);
    requests.push(`${request.method} ${isList ? search : name}${action === undefined || isList ? '' : `/${action}`}`);
    if (failure) return { status: failure.status, body: failure.body ?? '' };
    if (token !== '' && request.headers.authorization !== `Bearer ${token}`) {
      return refusal(401, 16, 'token not valid. see https://argo-workflows.readthedocs.io/en/latest/faq/');
    }
    if (isList) {
      if (listFailure) return { status: listFailure.status, body: listFailure.body ?? '' };
      return list(searchParams);
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
      if (!workflows.has(name)) created.set(name, new Date().toISOString().replace(/\.\d+Z$/, 'Z'));
      workflows.set(name, status);
    },
    listCount: () => requests.filter((each) => each.startsWith('GET ?')).length,
    lastListBytes: () => lastListBytes,
    refuseLists: (next) => {
      listFailure = next;
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

/** A value with the members that `fields` names, as Argo's server picks them; all of it where it names none. */
function only(value: unknown, fields: string): unknown {
  if (fields === '') return value;
  const paths = fields.split(',').map((path) => path.split('.'));
  const pick = (node: unknown, depth: readonly (readonly string[])[]): unknown => {
    if (Array.isArray(node)) return node.map((item) => pick(item, depth));
    if (typeof node !== 'object' || node === null || depth.some((path) => path.length === 0)) return node;
    return Object.fromEntries(
      Object.entries(node).flatMap(([member, child]) => {
        const within = depth.filter(([first]) => first === member).map(([, ...rest]) => rest);
        return within.length === 0 ? [] : [[member, pick(child, within)]];
      }),
    );
  };
  return pick(value, paths);
}

function refusal(status: number, code: number, message: string): { readonly status: number; readonly body: string } {
  return { status, body: JSON.stringify({ code, message }) };
}

function send(response: ServerResponse, { status, body }: { readonly status: number; readonly body: string }): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
