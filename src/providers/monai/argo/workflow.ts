import { isObject, parseJsonOrUndefined } from '../../../domain/json';

/** The members of an Argo `Workflow` that are read: io.argoproj.workflow.v1alpha1 of Argo's REST API. */
export interface ArgoWorkflow {
  readonly status: {
    /** Absent until the controller has processed the workflow. */
    readonly phase?: string;
    readonly message?: string;
    readonly startedAt?: string | null;
    readonly finishedAt?: string | null;
    /** `1/2`: finished nodes of all known nodes. */
    readonly progress?: string;
    /** For each resource, seconds times the requested amount: `{cpu: 3, memory: 60}`. */
    readonly resourcesDuration?: Readonly<Record<string, number>>;
    readonly nodes?: Readonly<Record<string, ArgoNode>>;
    readonly artifactRepositoryRef?: { readonly artifactRepository?: ArgoLocation };
  };
}

export interface ArgoNode {
  readonly outputs?: { readonly artifacts?: readonly ArgoArtifact[] };
}

/** A storage location. An artifact's own location omits what its repository has. */
export interface ArgoLocation {
  readonly s3?: { readonly bucket?: string; readonly key?: string };
  readonly gcs?: { readonly bucket?: string; readonly key?: string };
}

export interface ArgoArtifact extends ArgoLocation {
  readonly name?: string;
}

/** Parses a workflow; undefined where the text is not one. */
export function readWorkflow(text: string): ArgoWorkflow | undefined {
  const workflow = parseJsonOrUndefined(text);
  if (!isObject(workflow)) return undefined;
  const { status = {} } = workflow;
  if (!isObject(status)) return undefined;
  const { phase } = status;
  if (phase !== undefined && typeof phase !== 'string') return undefined;
  // A new workflow has no phase yet, but it has metadata; any other object without a phase is not a workflow.
  if (phase === undefined && !isObject(workflow['metadata'])) return undefined;
  return { status: status as ArgoWorkflow['status'] };
}
