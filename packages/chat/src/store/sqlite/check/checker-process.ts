// A process that checks one database. A call of SQLite can only be ended with its process. The arguments
// name the database and the options; the findings go to the parent.
import { StoreError } from '../../store-error.ts';
import { checkAndRebuild } from './check-database.ts';
import type { CheckerMessage } from './checker.ts';

const [path = '', options = '{}'] = process.argv.slice(2);
const tell = (message: CheckerMessage) => process.send?.(message);

// The parent ends it. One signal of a terminal, or of a supervisor, goes to both.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
try {
  const onProgress = (progress: NonNullable<CheckerMessage['progress']>) => tell({ progress });
  tell({ findings: await checkAndRebuild(path, { ...JSON.parse(options), onProgress }) });
} catch (error) {
  const code = error instanceof StoreError ? error.code : 'io';
  tell({ error: { code, message: (error as Error).message } });
}
