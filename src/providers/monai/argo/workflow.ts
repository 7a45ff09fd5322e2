import { isObject } from '../../../domain/json';
/** What jobherald reads of an Argo `Workflow`: io.argoproj.workflow.v1alpha1 of Argo's REST API. */
export interface ArgoWorkflow {
  readonly status: {
    /** Absent until the controller has seen the workflow. */
    readonly phase?: string;
    readonly message?: string;
    readonly startedAt?: string | null;
    readonly finishedAt?: string | null;
    /** `1/2`: finished and known nodes. */
    readonly progress?: string;
    /** Seconds of each resource, times what was requested of it: `{cpu: 3, memory: 60}`. */
    readonly resourcesDuration?: Readonly<Record<string, number>>;
    readonly nodes?: Readonly<Record<string, ArgoNode>>;
    readonly artifactRepositoryRef?: { readonly artifactRepository?: ArgoLocation };
  };
}

export interface ArgoNode {
  readonly outputs?: { readonly artifacts?: readonly ArgoArtifact[] };
}

/** Where a storage is, by its kind; a location of a single artifact leaves out what its repository says. */
export interface ArgoLocation {
  readonly s3?: { readonly bucket?: string; readonly key?: string };
  readonly gcs?: { readonly bucket?: string; readonly key?: string };
}

export interface ArgoArtifact extends ArgoLocation {
  readonly name?: string;
}

/** A workflow, or undefined where it is nothing that could be one. */
export function readWorkflow(text: string): ArgoWorkflow | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  const { status = {} } = parsed;
  if (!isObject(status)) return undefined;
  const { phase } = status;
  if (phase !== undefined && typeof phase !== 'string') return undefined;
  // A workflow that was just made has no status; a JSON object that has neither that nor a name is something else.
  if (phase === undefined && !isObject(parsed['metadata'])) return undefined;
  return { status: status as ArgoWorkflow['status'] };
}
