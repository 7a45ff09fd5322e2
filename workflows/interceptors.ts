import { defaultPayloadConverter } from '@temporalio/common';
import { decode } from '@temporalio/common/lib/encoding';
import type { ActivateInput, WorkflowInterceptors } from '@temporalio/workflow';

const ENCRYPTED = 'binary/encrypted';

/**
 * Nothing that anyone sends can wedge a run. The SDK fails the whole workflow task, again and again, for a payload
 * that it cannot decode and for a signal whose name begins with `__temporal_` (seen with SDK 1.24); so both are made
 * harmless before the SDK sees them: what cannot be decoded arrives as no argument, and a reserved name as a name
 * that nobody listens to. Deterministic: it depends on the message alone, and on the codec's keys, which a worker has
 * before anybody encrypts with them.
 */
export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate(input, next) {
        for (const job of input.activation.jobs ?? []) makeHarmless(job);
        return next(input);
      },
    },
  ],
});

type ActivationJob = NonNullable<ActivateInput['activation']['jobs']>[number];

function makeHarmless(job: ActivationJob): void {
  const { signalWorkflow, doUpdate, queryWorkflow, initializeWorkflow } = job;
  if (signalWorkflow) {
    if (signalWorkflow.signalName?.startsWith('__temporal_'))
      signalWorkflow.signalName = `reserved:${signalWorkflow.signalName}`;
    if (!canDecode(signalWorkflow.input)) signalWorkflow.input = [];
  }
  if (doUpdate && !canDecode(doUpdate.input)) doUpdate.input = [];
  if (queryWorkflow && !canDecode(queryWorkflow.arguments)) queryWorkflow.arguments = [];
  // Encrypted with a key that this worker lacks, a job is not lost: its workflow task fails until the key is there.
  if (initializeWorkflow && !canDecode(initializeWorkflow.arguments) && !isEncrypted(initializeWorkflow.arguments))
    initializeWorkflow.arguments = [];
}

type Payloads = NonNullable<ActivationJob['signalWorkflow']>['input'];

function canDecode(payloads: Payloads): boolean {
  try {
    for (const payload of payloads ?? []) defaultPayloadConverter.fromPayload(payload);
    return true;
  } catch {
    return false; // whatever it is, only the gateway can answer the sender; the run goes on
  }
}

/** What the codec has handed back as it came, see payload-codec.ts. */
function isEncrypted(payloads: Payloads): boolean {
  return (payloads ?? []).some(({ metadata }) => metadata?.['encoding'] && decode(metadata['encoding']) === ENCRYPTED);
}
