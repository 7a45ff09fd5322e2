/** What stands in a history about the machine that wrote it, and what is written instead. Replaying needs none of it. */
const SCRUBBED: Readonly<Record<string, string>> = {
  identity: 'recorder',
  buildId: 'recorded',
  stackTrace: '',
};

/** A history, as JSON, without process ids, host names, build ids and stack traces. */
export function withoutMachine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      SCRUBBED[key] ?? (key === 'taskQueue' ? anonymousQueue(member) : withoutMachine(member)),
    ]),
  );
}

/** A sticky queue is named for its worker's process. */
function anonymousQueue(queue: unknown): unknown {
  if (typeof queue !== 'object' || queue === null) return queue;
  const { kind } = queue as { readonly kind?: string };
  const names = kind === 'TASK_QUEUE_KIND_STICKY' ? { name: 'sticky', normalName: 'jobherald' } : { name: 'jobherald' };
  return { ...queue, ...names };
}
