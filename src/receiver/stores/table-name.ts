/** The table of {@link sqliteStore} and {@link postgresStore}. */
export const TABLE = 'jobherald_received';

/** How many rows are forgotten at once: a few milliseconds' work. */
export const PRUNED_ROWS = 1_000;

export interface TableOptions {
  /** Default: `jobherald_received`. */
  readonly table?: string;
}

/**
 * The name may stand in SQL as it is.
 * @throws {TypeError} otherwise
 */
export function checkTableName(table: string, form: RegExp): string {
  if (form.test(table)) return table;
  throw new TypeError(`"${table}" is no table name; use lower-case letters, digits and _`);
}
