import type { JobEvent } from '../domain/event';
import type { Message } from '../domain/message';
import type { Subscription } from '../domain/subscription';
import type { RenderContext } from './format';
import { formatNamed } from './vocabulary';

/** The message that carries an event to a subscriber. */
export function render(event: JobEvent, context: RenderContext & Pick<Subscription, 'format'>): Message {
  const { broker, ...message } = formatNamed(context.format).render(event, context);
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
