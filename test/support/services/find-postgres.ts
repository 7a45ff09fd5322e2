import { programPath } from './install';

/** The path of PostgreSQL's server, in the folder of its other programs. */
export function findPostgres(): Promise<string> {
  return programPath({
    name: 'postgres',
    debian: 'postgresql',
    folders: ['/usr/lib/postgresql/*/bin', '/opt/homebrew/opt/postgresql*/bin'],
  });
}
