import type { JobEvent } from '../domain/event';
import type { Message } from '../domain/message';
import type { Format } from '../domain/subscription';
import { renderMonai } from '../providers/monai/format';
import { renderSpec001 } from '../providers/spec-001/format';
import { renderTencentBatch } from '../providers/tencent-batch/format';
import { renderVertexAi } from '../providers/vertex-ai/format';
import { renderCloudEvent } from './cloudevents';
import type { RenderContext, RenderFormat } from './format';
import { renderStandard } from './standard';

/** One line for each format; a provider's own format lives in its folder. */
const RENDERERS: Readonly<Record<Format, RenderFormat>> = {
  standard: renderStandard,
  cloudevents: renderCloudEvent,
  'vertex-ai': renderVertexAi,
  'tencent-batch': renderTencentBatch,
  monai: renderMonai,
  'spec-001': renderSpec001,
};

/** The message that tells an event to a subscriber. */
export function render(event: JobEvent, context: RenderContext): Message {
  const { broker, ...message } = RENDERERS[context.format](event, context);
  const { correlation_id } = event.data;
  return {
    id: event.id,
    ...message,
    broker: {
      key: event.workflow_id,
      type: event.type,
      correlation_id: correlation_id ?? event.workflow_id,
      timestamp: event.timestamp,
      ...broker,
    },
  };
}
