import type { JobEvent } from '../../domain/event';
import { TERMINAL_EVENT_TYPES } from '../../domain/event-type';
import type { EventFormat, Rendered } from '../../formats/format';

export const vertexAiFormat: EventFormat = { render: renderVertexAi, events: TERMINAL_EVENT_TYPES };

/**
 * The `vertex-ai` body: exactly `{jobId, finalState, outputLocation}`. Pure: it runs inside the workflow.
 * `jobId` is the last segment of the resource name, `finalState` Vertex AI's own state, `outputLocation` null
 * where the job has no output.
 */
export function renderVertexAi({ data }: JobEvent): Rendered {
  const body = {
    jobId: data.job.slice(data.job.lastIndexOf('/') + 1),
    finalState: data.provider_state,
    outputLocation: data.artifacts[0]?.uri ?? null,
  };
  return { content_type: 'application/json', headers: {}, body: JSON.stringify(body) };
}
