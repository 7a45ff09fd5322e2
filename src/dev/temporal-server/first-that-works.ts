/** One way to come by a program: resolves with its path, or throws an error that says why not. */
export interface Way {
  /** As an error names it: `temporal on PATH`. */
  readonly name: string;
  find(): Promise<string>;
}

/** No way to come by a program worked; the message says which were tried and why each failed. */
export class ProgramNotFoundError extends Error {
  override readonly name = 'ProgramNotFoundError';
  readonly code = 'program_not_found';

  constructor(
    program: string,
    readonly tried: readonly { readonly way: string; readonly error: Error }[],
    advice: string,
  ) {
    const lines = tried.map(({ way, error }, index) => `  ${index + 1}. ${way}: ${error.message}`);
    super([`${program} was not found. Tried in this order:`, ...lines, advice].join('\n'), {
      cause: new AggregateError(tried.map(({ error }) => error)),
    });
  }
}

/**
 * Tries each way in turn and resolves with the first path found.
 * @throws {ProgramNotFoundError} when none works
 */
export async function firstThatWorks(program: string, ways: readonly Way[], advice: string): Promise<string> {
  const tried: { way: string; error: Error }[] = [];
  for (const way of ways) {
    try {
      return await way.find();
    } catch (error) {
      tried.push({ way: way.name, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  throw new ProgramNotFoundError(program, tried, advice);
}
