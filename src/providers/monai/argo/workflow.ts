import { isObject, type JsonObject, objectAt, objectsAt, parseJsonOrUndefined, textAt } from '../../../domain/json';
import { readTimeText } from '../../../domain/parse-time';

/**
 * What is read of an Argo `Workflow`: io.argoproj.workflow.v1alpha1 of Argo's REST API. Only the phase has to be there; whatever
 * else is absent, null or of another type counts as absent.
 */
export interface ArgoWorkflow {
  /** '' until the controller has processed the workflow. */
  readonly phase: string;
  readonly message: string | null;
  /** RFC 3339. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** For each resource, seconds times the requested amount: `{cpu: '3', memory: '60'}`. */
  readonly resourcesDuration: Readonly<Record<string, string>>;
  /** The outputs of all nodes, in their order. */
  readonly artifacts: readonly ArgoArtifact[];
  /** Where artifacts are whose own location says less. */
  readonly repository: ArgoLocation;
}

/** A storage location. An artifact's own location omits what its repository has. */
export interface ArgoLocation {
  readonly s3: StorageKey;
  readonly gcs: StorageKey;
}

interface StorageKey {
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
}

export interface ArgoArtifact extends ArgoLocation {
  readonly name: string;
}

/** Parses a workflow; undefined where the text is not one. */
export function readWorkflow(text: string): ArgoWorkflow | undefined {
  const workflow = parseJsonOrUndefined(text);
  if (!isObject(workflow)) return undefined;
  const status = workflow['status'] ?? {};
  if (!isObject(status)) return undefined;
  const phase = status['phase'] ?? '';
  if (typeof phase !== 'string') return undefined;
  // A new workflow has no phase yet, but it has metadata; any other object without a phase is not a workflow.
  if (phase === '' && !isObject(workflow['metadata'])) return undefined;
  return toWorkflow(phase, status);
}

/** The status of a workflow, of which everything but the phase may be anything. */
export function toWorkflow(phase: string, status: JsonObject): ArgoWorkflow {
  const nodes = Object.values(objectAt(status, 'nodes')).filter(isObject);
  return {
    phase,
    message: textAt(status, 'message') ?? null,
    startedAt: readTimeText(status['startedAt']),
    finishedAt: readTimeText(status['finishedAt']),
    resourcesDuration: Object.fromEntries(
      Object.entries(objectAt(status, 'resourcesDuration')).flatMap(([resource, seconds]) =>
        typeof seconds === 'number' || typeof seconds === 'string' ? [[resource, String(seconds)] as const] : [],
      ),
    ),
    artifacts: nodes
      .flatMap((node) => objectsAt(objectAt(node, 'outputs'), 'artifacts'))
      .map((artifact) => ({ name: textAt(artifact, 'name') ?? '', ...toLocation(artifact) })),
    repository: toLocation(objectAt(objectAt(status, 'artifactRepositoryRef'), 'artifactRepository')),
  };
}

function toLocation(object: JsonObject): ArgoLocation {
  const [s3, gcs] = [objectAt(object, 's3'), objectAt(object, 'gcs')];
  return {
    s3: { bucket: textAt(s3, 'bucket'), key: textAt(s3, 'key') },
    gcs: { bucket: textAt(gcs, 'bucket'), key: textAt(gcs, 'key') },
  };
}
