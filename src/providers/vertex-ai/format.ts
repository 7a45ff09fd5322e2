import type { JobEvent } from '../../domain/event';

/**
 * The `vertex-ai` body: exactly `{jobId, finalState, outputLocation}`. Pure: it runs inside the workflow.
 * `jobId` is the last segment of the resource name, `finalState` Vertex AI's own state, `outputLocation` null
 * where the job has no output.
 */
export function renderVertexAi({ data }: JobEvent): VertexAiBody {
  const body = {
    jobId: data.job.slice(data.job.lastIndexOf('/') + 1),
    finalState: data.provider_state,
    outputLocation: data.artifacts[0]?.uri ?? null,
  };
  return { content_type: 'application/json', headers: {}, body: JSON.stringify(body) };
}

interface VertexAiBody {
  readonly content_type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
