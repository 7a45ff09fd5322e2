import type { ReceiverAnswer, Refusal } from './receiver';
import type { Settlement } from './store';

/** After which a copy of what is being handled may come again. */
const RETRY_AFTER_SECONDS = 5;

/** The sender keeps the beginning of the body in its attempt log, so each begins with a word to search for. */
export function answerTo(settlement: Settlement): ReceiverAnswer {
  switch (settlement) {
    case 'handled':
      return answer(200, 'handled');
    case 'duplicate':
      return answer(200, 'duplicate: handled before', { 'x-webhook-duplicate': 'true' });
    case 'busy':
      return answer(409, 'busy: another copy is being handled; send it again', {
        'retry-after': String(RETRY_AFTER_SECONDS),
      });
  }
}

export function refuse({ status, code, message }: Refusal): ReceiverAnswer {
  return answer(status, `${code}: ${message}`, status === 405 ? { allow: 'POST' } : {});
}

/** What went wrong is not the sender's business. */
export function failed(): ReceiverAnswer {
  return answer(500, 'failed: not handled; send it again');
}

function answer(status: number, text: string, headers: ReceiverAnswer['headers'] = {}): ReceiverAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: `${text}\n` };
}
