import type { Bench } from '../bench';
import { describeReply, isTaken, type Reply } from '../reply';
import type { Rule } from '../rule';
import type { Webhook } from '../webhook';

interface Acceptance {
  readonly name: string;
  readonly title: string;
  readonly sent: string;
  readonly make: (bench: Bench) => Webhook;
  /** What to do where it is refused with 4xx. */
  readonly advice: string;
}

/** A rule that one good request is answered 2xx. */
export function accepts({ name, title, sent, make, advice }: Acceptance): Rule {
  return {
    name,
    title,
    async check(bench) {
      const reply = await bench.send(make(bench));
      const received = describeReply(reply);
      if (isTaken(reply)) return { verdict: 'pass', sent, received };
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
