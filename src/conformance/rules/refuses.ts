import { classifyResponse } from '../../channels/webhook/classify-response';
import type { Bench } from '../bench';
import { describeReply, isTaken, type Reply } from '../reply';
import type { Rule } from '../rule';
import type { Webhook } from '../webhook';

interface Refusal {
  readonly name: string;
  readonly title: string;
  readonly sent: string;
  readonly make: (bench: Bench) => Webhook;
  /** What to do where it is taken. */
  readonly advice: string;
}

/** A rule that a request which is not to be believed is answered 4xx. */
export function refuses({ name, title, sent, make, advice }: Refusal): Rule {
  return {
    name,
    title,
    async check(bench) {
      const reply = await bench.send(make(bench));
      const fault = isTaken(reply) ? advice : faultOf(reply);
      const received = describeReply(reply);
      return fault === undefined
        ? { verdict: 'pass', sent, received }
        : { verdict: 'fail', sent, received, advice: fault };
    },
  };
}

/** Why an answer that is not 2xx is no refusal either. */
function faultOf(reply: Reply): string | undefined {
  if (reply.kind === 'fault') return 'answer 401: a request without an answer is sent again';
  const { status, headers } = reply;
  const outcome = classifyResponse(status, headers, Date.now());
  if (outcome.kind === 'gone' || (outcome.kind === 'retry' && outcome.pauseEndpoint)) {
    return 'answer 401: this ends the delivery or pauses the endpoint, so a secret that differs for a minute would cost events';
  }
  if (status >= 500) return 'answer 401 or 400: this is a crash, not a refusal; the receiver’s log says why';
  if (status === 429) return 'lift the rate limit for this test: nothing can be said about the rule';
  if (status < 400) return 'answer 401 by itself: a redirect refuses nothing';
  return undefined;
}
