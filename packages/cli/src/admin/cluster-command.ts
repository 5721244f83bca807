import { Command } from 'commander';
import { absolutePath } from '../option.ts';
import { type AdminRequest, addWayIn, type WayInOptions } from './admin-command.ts';

const examples = `
Examples:
  $ export TANDEM_ADMIN_PORT=9464 TANDEM_ADMIN_TOKEN_FILE=/etc/tandem/token
  $ pnpm tandem cluster                         the nodes, each with its clients
  $ pnpm tandem cluster --json                  the same, for a program
  $ pnpm tandem cluster drain 3                 node 3 ends; its clients go on at others

It asks a node on this machine, a tandem serve with --store postgres, --admin-port and
--admin-token-file. Times are in milliseconds. lag is the delay of the response to the last renewal of
the lease; a busy node or a slow connection to PostgreSQL makes it long. A node is silent when it has not
renewed its lease for 3 seconds, and dead when it is gone and other nodes end its sessions.

Exit code 0: the command succeeded. 1: it failed; standard error says why.`;

const drainNotes = `
The node takes no more clients, answers what they have asked, tells them that it stops (124; over gRPC
UNAVAILABLE), and ends with exit code 0, as after SIGTERM. Clients that have a secret resume their
sessions at another node, and nothing is lost. The command waits until the node is gone, up to 50
seconds. It does not wait for the node that it asks, since that node cannot report its own end.`;

/** The `cluster` command; `action` is what it does. */
export function clusterCommand(action: (request: AdminRequest) => Promise<void>): Command {
  const cluster = addWayIn(
    new Command('cluster')
      .summary('see the servers that share a PostgreSQL, and drain one')
      .description('See the nodes (the servers that share a PostgreSQL), and drain one.'),
  ).addHelpText('after', examples);
  const ask = (command: string, args: AdminRequest['arguments']) => {
    const { adminPort, adminTokenFile, json = false } = cluster.opts<WayInOptions>();
    if (adminPort === undefined || adminTokenFile === undefined) {
      return cluster.error(
        'error: tandem cluster needs the port of a node: add --admin-port, and --admin-token-file with the token of that port',
      );
    }
    return action({
      command,
      arguments: args,
      secret: undefined,
      server: { adminPort, adminTokenFile: absolutePath(adminTokenFile) },
      json,
    });
  };
  cluster.action(() => ask('cluster', {}));
  cluster
    .command('drain')
    .summary('make a node end; its clients go on at others')
    .argument('<node>', 'its number, as tandem cluster shows it')
    .option('--force', 'drain also when no other node serves')
    .addHelpText('after', drainNotes)
    .action((node: string, { force }: { readonly force?: boolean }) =>
      ask('drain', { node, ...(force && { force: 'yes' }) }),
    );
  return cluster;
}
