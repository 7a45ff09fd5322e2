import { classifyResponse } from '../../channels/webhook/classify-response';
import { describeReply, isAccepted, type Reply } from '../connection';
import type { Finding, Rule, RuleContext } from '../rule';
import { secondsFromNow, type Webhook } from '../webhook';
import { adviceOn } from './expect-answer';

const ONE_AFTER_THE_OTHER: Rule = {
  name: 'duplicate',
  title: 'accepts a duplicate without a second effect',
  check: (context) =>
    judge(context, 'two attempts at one event, the second after the first was answered', async ([first, second]) => [
      await context.send(first),
      await context.send(second),
    ]),
};

const AT_THE_SAME_TIME: Rule = {
  name: 'concurrent-duplicate',
  title: 'handles one of two concurrent duplicates',
  check: (context) =>
    judge(
      context,
      'two attempts at one event, at the same time',
      async (copies) => Promise.all(copies.map((copy) => context.send(copy))),
      faultOfBusy,
    ),
};

export const DUPLICATES: readonly Rule[] = [ONE_AFTER_THE_OTHER, AT_THE_SAME_TIME];

type Copies = readonly [Webhook, Webhook];

async function judge(
  context: RuleContext,
  sent: string,
  send: (copies: Copies) => Promise<readonly Reply[]>,
  faultOf: (reply: Reply) => Fault | undefined = faultOfRefused,
): Promise<Finding> {
  // What was taken before may still be in the works.
  const before = await context.effects?.reach(context.effectsDue());
  const replies = await send(attemptsAtOne(context));
  const came = replies.map(describeReply).join(', then ');
  const faults = replies.flatMap((reply) => (isAccepted(reply) ? [] : (faultOf(reply) ?? [])));
  const worst = faults.find(({ verdict }) => verdict === 'fail') ?? (replies.some(isAccepted) ? faults[0] : NONE_TAKEN);
  if (worst?.verdict === 'fail') return { ...worst, sent, received: came };

  if (context.effects === undefined || before === undefined) {
    return { ...(worst ?? NOT_SEEN), sent, received: came };
  }
  const rise = (await context.effects.reach(before + 1)) - before;
  const received = `${came}; effects: ${rise}`;
  if (rise === 1) return { ...(worst ?? { verdict: 'pass' }), sent, received };
  return { verdict: 'fail', advice: rise === 0 ? NO_EFFECT : TOO_MANY, sent, received };
}

/** Another attempt has a timestamp, and so a signature, of its own: deduplicating by either would not do. */
function attemptsAtOne(context: RuleContext): Copies {
  const first = context.make({ timestamp: secondsFromNow(-1) });
  return [first, context.make({ message: first.message })];
}

type Fault = Pick<Finding, 'verdict' | 'advice'>;

const TOO_MANY = 'keep webhook-id in the transaction of the effect, and do nothing for one that is there';
const NO_EFFECT =
  'see that the effects URL counts what the receiver does about this event: it was taken, and nothing rose';
const NONE_TAKEN: Fault = { verdict: 'fail', advice: 'one of the two has to be taken: answer it with 2xx' };
const NOT_SEEN: Fault = {
  verdict: 'warn',
  advice: 'whether it had one effect cannot be seen from outside; give --effects-url, or look',
};

function faultOfRefused(reply: Reply): Fault {
  const advice = 'answer 2xx to a webhook-id that was handled; anything else is sent again, for days';
  return { verdict: 'fail', advice: (reply.kind === 'fault' ? adviceOn(reply) : undefined) ?? advice };
}

/** While one copy is being handled the other may be asked to come again. */
function faultOfBusy(reply: Reply): Fault | undefined {
  if (reply.kind === 'fault' || (reply.status !== 409 && reply.status !== 425)) {
    return { verdict: 'fail', advice: 'answer 2xx, or 409 with Retry-After while the other copy is being handled' };
  }
  const outcome = classifyResponse(reply.status, reply.headers, Date.now());
  if (outcome.kind === 'retry' && outcome.retryAfterMs !== undefined) return undefined;
  return {
    verdict: 'warn',
    advice: 'send Retry-After with it, like 5: else the next attempt comes by the sender’s schedule',
  };
}
