import { isObject, objectAt, parseJsonOrUndefined, textAt } from '../../../domain/json';
import { readTimeText } from '../../../domain/parse-time';
import { ProviderError } from '../../provider';
import type { ListedJob } from '../../watching';
import type { CallArgo } from './call-api';
import { toJobStatus } from './job-status';
import { toWorkflow } from './workflow';

const PAGE_SIZE = 100;

/** What has ended has this label, which the controller sets together with the last phase. */
const OPEN = 'workflows.argoproj.io/completed!=true';

/** Of each workflow, so that a page stays small: a workflow itself may have a mebibyte. */
const FIELDS = [
  'metadata.continue',
  ...['metadata.name', 'metadata.creationTimestamp', 'status.phase', 'status.finishedAt'].map(
    (path) => `items.${path}`,
  ),
].join(',');

/**
 * Lists the open workflows of the namespace, page by page.
 * Source: Argo Workflows' REST API, `GET /api/v1/workflows/{namespace}`
 * @throws {ProviderError}
 */
export async function* listWorkflows(
  call: CallArgo,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedJob[], void, undefined> {
  let next = '';
  do {
    const page = await listPage(call, { next, limit: PAGE_SIZE }, signal);
    yield page.jobs;
    next = page.next;
  } while (next !== '');
}

/** @throws {ProviderError} */
export async function listPage(
  call: CallArgo,
  { next, limit }: { readonly next: string; readonly limit: number },
  signal: AbortSignal,
): Promise<{ readonly jobs: readonly ListedJob[]; readonly next: string }> {
  const query = new URLSearchParams({
    'listOptions.labelSelector': OPEN,
    'listOptions.limit': String(limit),
    ...(next !== '' && { 'listOptions.continue': next }),
    fields: FIELDS,
  });
  const list = parseJsonOrUndefined(await call({ method: 'GET', query }, signal));
  // A namespace without workflows has `items: null`.
  const items = isObject(list) ? (list['items'] ?? []) : undefined;
  if (!isObject(list) || !Array.isArray(items)) {
    throw new ProviderError('unreadable', "Argo's response is no list of workflows");
  }
  return {
    jobs: items.flatMap((workflow) => toListedJob(workflow) ?? []),
    next: textAt(objectAt(list, 'metadata'), 'continue') ?? '',
  };
}

function toListedJob(workflow: unknown): ListedJob | undefined {
  if (!isObject(workflow)) return undefined;
  const metadata = objectAt(workflow, 'metadata');
  const name = textAt(metadata, 'name');
  if (name === undefined) return undefined;
  const status = objectAt(workflow, 'status');
  const read = toJobStatus(toWorkflow(textAt(status, 'phase') ?? '', status));
  const { state, ended_at } = read.status;
  const created_at = readTimeText(metadata['creationTimestamp']);
  return { key: name, job: name, state, ...(read.warning && { isUnknown: true }), created_at, ended_at };
}
