// The worker: a process of its own that does what the server put on the queue. It ends when its parent does.

import { runWorker } from '../platform/jobs.ts';
import { crontab, tasks } from './routes.ts';
import { readSettings } from './settings.ts';
import { openSystem } from './system.ts';

const settings = readSettings(process.env);
let stopping: Promise<void> | undefined;
let stopWork = async () => {};
function stop(): Promise<void> {
  stopping ??= stopWork().then(() => process.exit(0));
  return stopping;
}
// Before anything is awaited: a parent that ends while we begin must not be missed.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
process.on('disconnect', () => void stop());

const system = await openSystem({ loginUrl: settings.databaseUrl!, settings, connections: 4 }).catch((error: Error) => {
  // The database is being recovered, as a rule; whoever started us starts us again.
  console.error(`后台任务没有开始：${error.message}`);
  process.exit(1);
});
const url = new URL(settings.databaseUrl!);
url.username = `${system.database.prefix}_worker`;
const worker = await runWorker({ url: url.href, tasks, system, crontab, say: (sentence) => console.error(sentence) });
stopWork = async () => {
  await worker.stop();
  await system.database.close();
};
if (stopping) await stopWork();
worker.ended.catch((error: Error) => {
  console.error(`后台任务停止：${error.message}`);
  process.exit(1);
});
