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
--admin-token-file. Times are in milliseconds. lag: how late the last renewal of the lease was, by a
busy node or a slow way to PostgreSQL. A node is silent when its lease is not renewed for 3 seconds,
and dead when it is gone and others end its sessions.

Exit code 0: it is done. 1: it is not; standard error says why.`;

const drainNotes = `
The node takes no more clients, answers what they have asked, tells them that it stops (124; over gRPC
UNAVAILABLE), and ends with exit code 0, as after SIGTERM. Clients that have a secret resume their
sessions at another node, and nothing is lost. The command waits until the node is gone, up to 50
seconds; for the node that it asks it does not wait, since that one cannot say that it is gone.`;

/** The `cluster` command; `action` is what it does. */
export function clusterCommand(action: (request: AdminRequest) => Promise<void>): Command {
  const cluster = addWayIn(
    new Command('cluster')
      .summary('see the servers that share a PostgreSQL, and drain one')
      .description('See the nodes, the servers that share a PostgreSQL, and make one leave.'),
  ).addHelpText('after', examples);
  const ask = (command: string, args: AdminRequest['arguments']) => {
    const { adminPort, adminTokenFile, json = false } = cluster.opts<WayInOptions>();
    if (adminPort === undefined || adminTokenFile === undefined) {
      return cluster.error(
        'error: a node is asked over its port: say --admin-port, and --admin-token-file with the token of that port',
      );
    }
    return action({
      command,
      arguments: args,
      secret: undefined,
      // Nodes have none.
      dataDir: '',
      adminPort,
      adminTokenFile: absolutePath(adminTokenFile),
      json,
    });
  };
  cluster.action(() => ask('cluster', {}));
  cluster
    .command('drain')
    .summary('make a node end, and its clients go elsewhere')
    .argument('<node>', 'its number, as tandem cluster shows it')
    .option('--force', 'also when no other node serves')
    .addHelpText('after', drainNotes)
    .action((node: string, { force }: { readonly force?: boolean }) =>
      ask('drain', { node, ...(force && { force: 'yes' }) }),
    );
  return cluster;
}
