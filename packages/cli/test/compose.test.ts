import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { serveCommand } from '../src/serve/options/serve-command.ts';
import type { ServeOptions } from '../src/serve/options/serve-options.ts';

const fileOf = (path: string) =>
  fileURLToPath(new URL(`../../../docs/operations/compose/${path}`, import.meta.url));

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly restart: string;
  readonly stop_grace_period: string;
}

const compose: {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
} = parse(readFileSync(fileOf('compose.yaml'), 'utf8'), { merge: true });
const services = Object.entries(compose.services);
const nodes = services.filter(([name]) => name.startsWith('node'));

it('has three nodes, whose options the server takes, on the database of the primary', async () => {
  expect(nodes).toHaveLength(3);
  for (const [, { command = [] }] of nodes) {
    const [name, ...args] = command;
    expect(name).toBe('serve');
    let taken: ServeOptions | undefined;
    const serve = serveCommand(async (options) => {
      taken = options;
    });
    await serve.exitOverride().parseAsync(args, { from: 'user' });
    expect(taken?.store).toBe('postgres');
    const { hostname, username, pathname, password } = new URL(taken?.postgresUrl ?? '');
    expect([hostname, username, pathname, password]).toEqual(['primary', 'tandem', '/tandem', '']);
  }
});

it('gives each node ports of its own, which only this machine reaches, for those of the image', () => {
  const ports = nodes.flatMap(([, { ports: own = [] }]) => own.map((port) => port.split(':')));
  expect(new Set(ports.map(([, published]) => published)).size).toBe(6);
  expect(new Set(ports.map(([host]) => host))).toEqual(new Set(['127.0.0.1']));
  const image = readFileSync(fileOf('../../../Dockerfile'), 'utf8');
  const exposed = /^EXPOSE (.*)$/m.exec(image)?.[1]?.split(' ');
  expect([...new Set(ports.map(([, , inside]) => inside))]).toEqual(exposed);
});

it('names only what is there: services, volumes, files; and one version of PostgreSQL', () => {
  const names = services.map(([name]) => name);
  const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((one) => one.split(':')));
  for (const [, service] of services) {
    for (const name of Object.keys(service.depends_on ?? {})) expect(names).toContain(name);
    for (const value of Object.values(service.environment)) {
      expect(value).toMatch(/^\$\{TANDEM_DATABASE_PASSWORD:\?/);
    }
  }
  for (const [source = '', target] of mounted) {
    if (source.startsWith('./')) execFileSync('sh', ['-n', fileOf(source)]);
    else
      expect([Object.keys(compose.volumes), target]).toEqual([
        expect.arrayContaining([source]),
        '/var/lib/postgresql/data',
      ]);
  }
  const images = services.flatMap(([, { image, build }]) => (build === undefined ? [image] : []));
  expect(new Set(images).size).toBe(1);
  expect(images[0]).toMatch(/^postgres:\d+\.\d+-\w+$/);
});

it('confirms nothing without its standby: nodes wait for both, and the primary for it', () => {
  for (const [, { depends_on: needs }] of nodes) {
    expect(Object.keys(needs ?? {})).toEqual(['primary', 'standby']);
  }
  const [, waits] =
    /synchronous_standby_names = '(\w+)'/.exec(readFileSync(fileOf('primary.sh'), 'utf8')) ?? [];
  expect(readFileSync(fileOf('standby.sh'), 'utf8')).toContain(`application_name=${waits}`);
});
