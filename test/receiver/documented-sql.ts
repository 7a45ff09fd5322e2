import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGE = join(__dirname, '../../docs/receiver.md');

/** The SQL that docs/receiver.md gives to those who make tables themselves. */
export function documentedSql(heading: 'SQLite' | 'PostgreSQL'): string {
  const [, sql] =
    new RegExp(`^### ${heading}$.*?^\`\`\`sql\n(.*?)^\`\`\``, 'ms').exec(readFileSync(PAGE, 'utf8')) ?? [];
  if (sql === undefined) throw new Error(`docs/receiver.md has no SQL under "${heading}"`);
  return sql;
}
