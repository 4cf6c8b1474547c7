// node verify/verify.ts FILE — checks an exported journal; exit code 1 when it is not whole, 2 when there is no such file.

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { checker, faultWords, sayChain, sayReport } from './check.ts';

const [file] = process.argv.slice(2);
if (file === undefined || file.startsWith('--')) {
  console.log('用法：node verify/verify.ts 导出文件');
  process.exit(file === '--help' ? 0 : 2);
}
const check = checker();
try {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }))
    check.line(line);
} catch (error) {
  console.error(`读不了 ${file}：${(error as Error).message}`);
  process.exit(2);
}
const report = check.end();
console.log(sayReport(report));
for (const { chain, seq, kind } of report.faults.slice(1))
  console.log(`  ${chain === '' ? '' : `${sayChain(chain)} 第 ${seq} 条：`}${faultWords[kind]}`);
for (const { chain, seq, at, hash } of report.ends)
  console.log(`  ${sayChain(chain)}：末条第 ${seq} 号，${at}，末端码 ${hash.slice(0, 16)}`);
process.exitCode = report.whole ? 0 : 1;
