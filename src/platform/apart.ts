/** Files of complicated kinds are read by a process of their own, limited in memory, time, output and rights: what breaks there breaks nothing here. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

export interface Apart {
  /** What runs there: bytes come in on stdin, what was read goes out on stdout. */
  script: string;
  /** The only folders it may read: code, and nothing else of this machine. */
  reads: readonly string[];
  limits: { memoryMB: number; milliseconds: number; outputBytes: number };
}

/** What the process printed; null when it broke or went beyond its limits. */
export async function readApart(bytes: Buffer, { script, reads, limits }: Apart): Promise<string | null> {
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${limits.memoryMB}`,
      '--permission',
      ...reads.map((folder) => `--allow-fs-read=${folder}/*`),
      script,
    ],
    { stdio: ['pipe', 'pipe', 'ignore'], env: {}, timeout: limits.milliseconds, killSignal: 'SIGKILL' },
  );
  // The limit of the heap does not count bytes inflated outside of it.
  const watch = setInterval(async () => {
    const pages = (await readFile(`/proc/${child.pid}/statm`, 'utf8').catch(() => '')).split(' ')[1] ?? 0;
    if ((Number(pages) * 4_096) / 1024 ** 2 > 2 * limits.memoryMB) child.kill('SIGKILL');
  }, 100);
  const out: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limits.outputBytes) child.kill('SIGKILL');
    else out.push(chunk);
  });
  // A child that dies early closes its end of the pipe; how it ended is told by its exit.
  child.stdin.on('error', () => {});
  child.stdin.end(bytes);
  try {
    const code = await new Promise<number | null>((done, fail) => {
      child.on('error', fail);
      child.on('close', done);
    });
    return code === 0 ? Buffer.concat(out).toString('utf8') : null;
  } finally {
    clearInterval(watch);
  }
}
