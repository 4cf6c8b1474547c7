// Builds the web when its sources are newer than what stands in dist/console. Run by itself it is the build step of bin/test.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');
/** The same place as in vite.config.ts. */
export const webFolder = join(dist, 'console');

export class WebBuildError extends Error {}

export async function buildWeb(options: { force?: boolean; say?: (sentence: string) => void } = {}): Promise<void> {
  const sources = digestOfSources();
  const stamp = join(webFolder, '.sources');
  if (!options.force && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  options.say?.('正在构建网页（只在首次或源文件变化时）…');
  // Built aside and put in place at the end: a running server never serves half a build.
  const draft = join(dist, `console.new-${process.pid}`);
  try {
    mkdirSync(draft, { recursive: true });
  } catch (error) {
    throw new WebBuildError(`网页需要重新构建，而当前用户不能写入 ${dist}：${(error as Error).message}`);
  }
  try {
    await runVite(draft);
    writeFileSync(join(draft, '.sources'), sources);
    const old = join(dist, `console.old-${process.pid}`);
    if (existsSync(webFolder)) renameSync(webFolder, old);
    renameSync(draft, webFolder);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The web sees itself, the kernel and the contracts (tests/architecture), so nothing else can change what is built. */
function digestOfSources(): string {
  const hash = createHash('sha256');
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(web|kernel)\/.+\.\w+$/.test(file) || file.endsWith('contract.ts'))
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => join('src', file));
  for (const file of [...files, 'src/app/build-web.ts', 'index.html', 'vite.config.ts', 'package-lock.json'].sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

async function runVite(outDir: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  if (!existsSync(vite)) throw new WebBuildError('网页还没有构建，而 vite 没有安装。请运行 bin/install 后重试。');
  const child = spawn(process.execPath, [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: root,
    // What is tested is what is shipped, whoever asks for the build.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (part) => output.push(String(part)));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new WebBuildError(`网页构建失败：\n${output.join('')}`);
}

if (import.meta.main) {
  try {
    await buildWeb({ force: process.argv.includes('--force') });
  } catch (error) {
    if (!(error instanceof WebBuildError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
