import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { runCommand } from '../support/run-command';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const pages = globSync('docs/runbooks/*.md', { cwd: ROOT });

/** The command lines of a page, continued lines joined, comments left out. */
const commandsOf = (page: string) =>
  [...read(page).matchAll(/^ *```sh\n(.*?)^ *```/gms)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
const all = pages.flatMap((page) => commandsOf(page).map((command) => [page, command] as const));

describe('docs/runbooks', () => {
  it('names only commands of jobherald that there are, with options that they take', async () => {
    const used = all.filter(([, command]) => command.startsWith('jobherald '));
    expect(used.length).toBeGreaterThan(20);
    for (const [page, command] of used) {
      const [, name = ''] = command.split(' ');
      const { code, stdout } = await runCommand([name, '--help']);
      expect([page, command, code]).toEqual([page, command, 0]);
      const options = [...command.replaceAll(/"[^"]*"/g, '').matchAll(/ (--[\w-]+)/g)].map(([, option]) => option);
      for (const option of options)
        expect([page, command, stdout]).toEqual([page, command, expect.stringContaining(`${option} `)]);
    }
  });

  it('calls only routes that the API has', () => {
    const routes = [...read('docs/http-api.md').matchAll(/^#{2,3} `(GET|POST) (\S+)`/gm)].map(
      ([, method, path]) => new RegExp(`^${method} ${path?.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    );
    const calls = all.flatMap(([page, command]) =>
      [...command.matchAll(/^curl (?:-s )?(-X POST )?"?(?:\$JOBHERALD_URL|http:\/\/[\d.:]+)(\/[\w/.-]*)/g)].map(
        ([, post, path]) => [page, `${post ? 'POST' : 'GET'} ${path}`] as const,
      ),
    );
    expect(calls.length).toBeGreaterThan(8);
    for (const [page, call] of calls)
      expect([page, call, routes.some((route) => route.test(call))]).toEqual([page, call, true]);
  });

  it('names only services of docker-compose.yml', () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as { readonly services: object };
    const named = all
      .filter(([, command]) => /^docker compose (stop|exec -T|logs) /.test(command))
      .flatMap(([page, command]) =>
        (
          /^docker compose stop (.*)$/.exec(command)?.[1]?.split(' ') ??
          /^docker compose exec -T (\S+)/.exec(command)?.slice(1) ??
          /^docker compose logs --since \w+ (.*)$/.exec(command)?.[1]?.split(' ') ??
          []
        ).map((service) => [page, service] as const),
      );
    expect(named.length).toBeGreaterThan(6);
    for (const [page, service] of named) expect([page, service, service in services]).toEqual([page, service, true]);
  });

  it('leads from each alert to its page, and to each page', () => {
    const index = read('docs/runbooks/README.md');
    const { groups } = parse(read('deploy/monitoring/alerts.yaml')) as {
      readonly groups: readonly {
        readonly rules: readonly { readonly alert: string; readonly annotations: { readonly runbook: string } }[];
      }[];
    };
    for (const { alert, annotations } of groups.flatMap(({ rules }) => rules)) {
      const row = index
        .split('\n')
        .find((line) => line.startsWith('|') && line.includes(`(${basename(annotations.runbook)})`));
      expect([alert, row]).toEqual([alert, expect.stringContaining(`\`${alert}\``)]);
    }
    for (const page of pages.filter((name) => !name.endsWith('README.md')))
      expect(index).toContain(`(${basename(page)})`);
  });
});
