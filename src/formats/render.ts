import type { JobEvent } from '../domain/event';
import type { Message } from '../domain/message';
import type { Format } from '../domain/subscription';
import { renderVertexAi } from '../providers/vertex-ai/format';
import { renderCloudEvent } from './cloudevents';
import type { RenderFormat } from './format';
import { renderStandard } from './standard';

/** One line for each format; a provider's own format lives in its folder. */
const RENDERERS: Readonly<Partial<Record<Format, RenderFormat>>> = {
  standard: renderStandard,
  cloudevents: renderCloudEvent,
  'vertex-ai': renderVertexAi,
};

export function render(event: JobEvent, format: Format): Message {
  // A format whose provider has none yet is told in our own words.
  const renderFormat = RENDERERS[format] ?? renderStandard;
  return { id: event.id, ...renderFormat(event) };
}
