import { classifyResponse } from '../../channels/webhook/classify-response';
import { describeReply, isAccepted, type Reply } from '../connection';
import type { Rule, RuleContext } from '../rule';
import type { Webhook } from '../webhook';

interface Acceptance {
  readonly name: string;
  readonly title: string;
  readonly sent: string;
  readonly make: (context: RuleContext) => Webhook;
  /** What to do where it is refused with 4xx. */
  readonly advice: string;
}

/** A rule that one good request is answered 2xx. */
export function accepts({ name, title, sent, make, advice }: Acceptance): Rule {
  return {
    name,
    title,
    async check(context) {
      const reply = await context.send(make(context));
      const received = describeReply(reply);
      if (isAccepted(reply)) return { verdict: 'pass', sent, received };
      return { verdict: 'fail', sent, received, advice: adviceOn(reply) ?? advice };
    },
  };
}

/** Where the answer itself says what is wrong, whatever was sent. */
export function adviceOn(reply: Reply): string | undefined {
  if (reply.kind === 'fault') return 'see that the receiver runs at this URL, and answer before the work, not after it';
  if (reply.status >= 500) return 'the receiver failed; its log says why';
  if (reply.status >= 300 && reply.status <= 399) return 'a redirect is never followed; give the URL that it leads to';
  if (reply.status === 404 || reply.status === 405) return 'see that the path is right and takes POST';
  if (reply.status === 429) return 'lift the rate limit for this test: nothing can be said about the rule';
  return undefined;
}

interface Refusal {
  readonly name: string;
  readonly title: string;
  readonly sent: string;
  readonly make: (context: RuleContext) => Webhook;
  /** What to do where it is taken. */
  readonly advice: string;
}

/** A rule that a request which is not to be believed is answered 4xx. */
export function refuses({ name, title, sent, make, advice }: Refusal): Rule {
  return {
    name,
    title,
    async check(context) {
      const reply = await context.send(make(context));
      const fault = isAccepted(reply) ? advice : faultOf(reply);
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
