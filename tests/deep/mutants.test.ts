// A saboteur per guarantee, in the source: a copy of the project with one sentence changed, in which a test named here must turn red.
// The same test is green in the unchanged project, or bin/test would say so.

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Mutant {
  /** What is guaranteed (trust.md 3), and how it is broken. */
  title: string;
  file: string;
  from: string;
  to: string;
  /** The file of tests, and the beginning of the title of the one that must see it. */
  seenBy: string;
  test: string;
}

const mutants: Mutant[] = [
  {
    title: '制度清单 缺的不列',
    file: 'src/oversight/responsibility/queries.ts',
    from: "and d.standing <> 'waived'",
    to: "and d.standing = 'met'",
    seenBy: 'src/oversight/responsibility/responsibility.test.ts',
    test: '缺的在前，显为“缺”',
  },
  {
    title: '责任矩阵 别处的也算进来',
    file: 'src/oversight/responsibility/queries.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source as it stands
    from: 'int[]) and ${inArea(area)} and (d.standing',
    to: 'int[]) and (d.standing',
    seenBy: 'src/oversight/responsibility/responsibility.test.ts',
    test: '街道只算自己的',
  },
  {
    title: '督办 系统里已有的还能再要',
    file: 'src/oversight/directives/rules.ts',
    from: "...(duty.standing === 'met'",
    to: "...(duty.standing === 'never'",
    seenBy: 'src/oversight/directives/directives.test.ts',
    test: '督办一项超期的义务',
  },
  {
    title: '督办 同一件事可以督办两次',
    file: 'src/oversight/directives/commands.ts',
    from: 'await lockRecipient(tx, to);',
    to: '',
    seenBy: 'src/oversight/directives/directives.test.ts',
    test: '同一件事两人同时督办',
  },
  {
    title: '督办 转办丢了最初发出的单位',
    file: 'src/oversight/directives/commands.ts',
    from: 'originId: above?.originId ?? post.organisationId!',
    to: 'originId: post.organisationId!',
    seenBy: 'src/oversight/directives/directives.test.ts',
    test: '区 → 街道 → 社区',
  },
  {
    title: '督办 下级的期限可以晚于上一级',
    file: 'src/oversight/directives/rules.ts',
    from: 'dueAbove !== null && dueOn > dueAbove',
    to: 'dueAbove !== null && dueOn > dueAbove && dueOn < dueAbove',
    seenBy: 'src/oversight/directives/directives.test.ts',
    test: '转办的期限晚一天',
  },
  {
    title: '指标 冻结的分母仍随底册变化',
    file: 'src/oversight/indicators/queries.ts',
    from: 'const here = bases.filter((one) => one.requirementId === requirement.id && common(one, range) !== undefined);',
    to: 'const here = bases.filter((one) => one.requirementId === -requirement.id && common(one, range) !== undefined);',
    seenBy: 'src/oversight/indicators/indicators.test.ts',
    test: '两人同时冻结，只成一次',
  },
  {
    title: '指标 两个调度各存一次',
    file: 'src/oversight/indicators/snapshots.ts',
    from: "await sql`select pg_advisory_xact_lock(hashtext('indicators.snapshot'))`.execute(tx);",
    to: '',
    seenBy: 'src/oversight/indicators/indicators.test.ts',
    test: '两个调度同时跑',
  },
  {
    title: '指标 后来纳入的改变过去的月份',
    file: 'src/oversight/indicators/queries.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source as it stands
    from: 'enrolled ? sql`and s.enrolled_on <= ${day}` : sql``',
    to: 'enrolled ? sql`` : sql``',
    seenBy: 'src/oversight/indicators/indicators.test.ts',
    test: '按当日重算，与存下的一致',
  },
  {
    title: '指标 面积待补当作 0',
    file: 'src/oversight/indicators/rules.ts',
    from: "if (unweighed > 0n) return 'undecided';",
    to: '',
    seenBy: 'src/oversight/indicators/indicators.test.ts',
    test: '面积待补的小区单独列出',
  },
  {
    title: '指标 被遮的一格可从总数减出来',
    file: 'src/oversight/indicators/rules.ts',
    from: 'if (hidden.size === 1) {',
    to: 'if (hidden.size === 99) {',
    seenBy: 'src/oversight/indicators/indicators.test.ts',
    test: '一处小，再带上其余最小的一处',
  },
  {
    title: 'A3 见证方不看证明',
    file: 'verify/witness.ts',
    from: 'if (!holds) {',
    to: 'if (holds === undefined) {',
    seenBy: 'tests/witness.test.ts',
    test: '截去末尾之后又补上同样多的别的记录',
  },
  {
    title: 'A3 见证方不记得见过多少',
    file: 'verify/witness.ts',
    from: 'if (size < kept.size) {',
    to: 'if (size < 0) {',
    seenBy: 'tests/witness.test.ts',
    test: '截去末尾、改好链头',
  },
  {
    title: 'A3 浏览器不看证明',
    file: 'src/web/shared/seen-checkpoint.ts',
    from: 'now.size < seen.size) return false;',
    to: 'now.size < 0) return false;\n  if (now.size < seen.size) return true;',
    seenBy: 'tests/browser/seen.test.ts',
    test: '平时看不见它',
  },
  {
    title: 'A3 前后相接的判断只看新的根',
    file: 'src/kernel/merkle.ts',
    from: 'return sn === 0 && isSame(fr, first.root) && isSame(sr, second.root);',
    to: 'return sn === 0 && isSame(sr, second.root);',
    seenBy: 'src/kernel/merkle.test.ts',
    test: '历史被改写、证明被改动',
  },
  {
    title: 'A5 封存漏掉一些链',
    file: 'src/platform/witnessing/tree.ts',
    from: 'where h.seq > coalesce(s.seq, 0) order by h.chain`',
    to: 'where h.seq > coalesce(s.seq, 0) order by h.chain limit 5`',
    seenBy: 'tests/witness.test.ts',
    test: '同一时刻变动的许多条链都在树里',
  },
  {
    title: 'A5 并发封存不排队',
    file: 'src/platform/witnessing/tree.ts',
    from: "await sql`select pg_advisory_xact_lock(hashtext('gongzhi sealing'))`.execute(tx);",
    to: '',
    seenBy: 'tests/witness.test.ts',
    test: '另一个封存没有做完，这一个就等着',
  },
  {
    title: 'A5 等所有事务都结束才封存',
    file: 'src/platform/witnessing/tree.ts',
    from: 'where h.seq > coalesce(s.seq, 0) order by h.chain`',
    to: 'where h.seq > coalesce(s.seq, 0) and pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot()) order by h.chain`',
    seenBy: 'tests/witness.test.ts',
    test: '一个事务开着不结束',
  },
  {
    title: 'A5 迟迟不封存也不说',
    file: 'src/platform/health.ts',
    from: 'if (late[0]!.chains > 0)',
    to: 'if (late[0]!.chains < 0)',
    seenBy: 'tests/witness.test.ts',
    test: '一个事务开着不结束',
  },
  {
    title: 'A7 每夜的核验不记发现',
    file: 'src/platform/verification.ts',
    from: 'JSON.stringify(faults.map(tellFault))',
    to: "'[]'",
    seenBy: 'src/platform/verification.test.ts',
    test: '超级用户改了一行、一条',
  },
  {
    title: 'A7 核验做不完就当没有事',
    file: 'src/platform/verification.ts',
    from: "faults: [{ kind: 'unfinished' as const, note: error.code ?? 'error' }],",
    to: "faults: error.code ? [] : [{ kind: 'unfinished' as const, note: 'error' }],",
    seenBy: 'src/platform/verification.test.ts',
    test: '整张表没有了',
  },
  {
    title: 'A7 数据库被人改动就不肯核验',
    file: 'src/platform/database.ts',
    from: 'if (options.inSpiteOf) options.inSpiteOf(problems);',
    to: 'if (options.inSpiteOf && problems.length === 0) options.inSpiteOf(problems);',
    seenBy: 'src/app/commands/journal.test.ts',
    test: '数据库不满足启动条件，照样核验',
  },
  {
    title: 'A8 业主绑定统一身份不留痕',
    file: 'src/registers/accounts/identities.ts',
    from: 'if (done) await record(',
    to: 'if (done && organisationId !== null) await record(',
    seenBy: 'src/registers/accounts/accounts.test.ts',
    test: '业主自己绑定与解除',
  },
  {
    title: 'A9 电话以明文存放',
    file: 'src/platform/sealing.ts',
    from: "sealed[field] = encrypt(key, Buffer.from(text, 'utf8'), aboutField(subject, field));",
    to: "sealed[field] = Buffer.concat([encrypt(key, Buffer.from(text, 'utf8'), aboutField(subject, field)), Buffer.from(text)]);",
    seenBy: 'src/registers/sealed/sealed.test.ts',
    test: '已知的电话、身份证号、党员身份',
  },
  {
    title: 'A9 名册的预览里留着党员身份',
    file: 'src/registers/rosters/rules.ts',
    from: 'if (asksMembership(cell)) asking.add(column);',
    to: '',
    seenBy: 'src/registers/sealed/sealed.test.ts',
    test: '已知的电话、身份证号、党员身份',
  },
  {
    title: 'A9 名册的预览里留着身份证号',
    file: 'src/registers/rosters/rules.ts',
    from: 'return veil(cell);',
    to: 'return cell;',
    seenBy: 'src/registers/sealed/sealed.test.ts',
    test: '已知的电话、身份证号、党员身份',
  },
  {
    title: 'A11 核验不读附件',
    file: 'src/platform/files.ts',
    from: 'await read(digest, wrapped).catch(() => spoilt.push(digest));',
    to: 'await read(digest, wrapped).catch(() => digest);',
    seenBy: 'src/platform/files.test.ts',
    test: '核验时每一件都读一遍',
  },
  {
    title: 'A10 恢复之后不冻结',
    file: 'migrations/0019-witnessing.sql',
    from: 'if exists (select from platform.restoration where resolved_at is null) then',
    to: 'if false then',
    seenBy: 'tests/witness.test.ts',
    test: '见证方核对一致之前只能查看',
  },
  {
    title: 'A10 恢复之后照样封存',
    file: 'src/platform/witnessing/tree.ts',
    from: 'if (restored.length > 0) return undefined;',
    to: '',
    seenBy: 'tests/witness.test.ts',
    test: '见证方核对一致之前只能查看',
  },
  {
    title: 'A10 不核对就算一致',
    file: 'src/platform/witnessing/commands.ts',
    from: '(await rootAt(tx, size)).equals(checkpoint.root)',
    to: 'true',
    seenBy: 'tests/witness.test.ts',
    test: '截去末尾之后又补上同样多的别的记录',
  },
  {
    title: 'A10 备份不带记号',
    file: 'src/app/backup.ts',
    from: 'await write(join(to, MARK),',
    to: 'void (join(to, MARK),',
    seenBy: 'src/app/backup.test.ts',
    test: '运行中备份、放到别处、启动',
  },
  {
    title: '答复先于落盘',
    file: 'src/platform/database.ts',
    from: "return ['begin', ",
    to: "return ['begin', 'set local synchronous_commit = off', ",
    seenBy: 'tests/deep/faults.test.ts',
    test: '十轮中断',
  },
  {
    title: '附件的内容后于答复写入',
    file: 'src/platform/files.ts',
    from: 'await writeDurably(folder, nameOf',
    to: 'setTimeout(writeDurably, 2_000, folder, nameOf',
    seenBy: 'tests/deep/faults.test.ts',
    test: '十轮中断',
  },
  {
    title: '被杀死的后台任务手里的活没有人接',
    file: 'src/platform/jobs.ts',
    from: 'if (rows[0]!.alone) {',
    to: 'if (false as boolean) {',
    seenBy: 'tests/deep/faults.test.ts',
    test: '十轮中断',
  },
  {
    title: '输入里的 NUL 直到数据库才被发现',
    file: 'src/platform/http.ts',
    from: "value.includes('\\0') || !value.isWellFormed()",
    to: 'false',
    seenBy: 'tests/deep/fuzz.test.ts',
    test: '第 1 种人',
  },
  {
    title: '超出整数的数字直到数据库才被发现',
    file: 'src/platform/http.ts',
    from: 'Math.abs(value) > LARGEST && !bounded.has(field)',
    to: 'false',
    seenBy: 'tests/fuzz.test.ts',
    test: '区住建局：没有 5xx',
  },
  {
    title: '看不见的和没有的，说法不同',
    file: 'src/registers/estates/routes.ts',
    from: "!== 'resident')) ?? notFound()),",
    to: "!== 'resident')) ?? notFound(input.id < 1_000_000 ? '不在您的范围之内' : '没有找到')),",
    seenBy: 'tests/fuzz.test.ts',
    test: '街道：看不见的编号',
  },
  {
    title: '随机字节重复给出',
    file: 'src/platform/keys.ts',
    from: 'used += count;',
    to: 'used += 0;',
    seenBy: 'src/platform/keys.test.ts',
    test: '随机字节每一段只给出一次',
  },
  {
    title: '三员分立只看当下，不看任期',
    file: 'src/registers/people/rules.ts',
    from: 'const meanwhile = held.filter((one) => overlap(asked, one));',
    to: "const meanwhile = held.filter((one) => overlap({ fromOn: '2026-11-22', toOn: '2026-11-23' }, one));",
    seenBy: 'src/registers/offices/offices.test.ts',
    test: '任期不重叠的另一种管理员可以接着任',
  },
  {
    title: '两人同时给同一人增加任职，不分先后',
    file: 'src/registers/people/commands.ts',
    from: '      await lockPerson(tx, personId);\n',
    to: '',
    seenBy: 'src/registers/offices/offices.test.ts',
    test: '任期不重叠的另一种管理员可以接着任',
  },
  {
    title: '显示着旧身份的页面照样办事',
    file: 'src/platform/http.ts',
    from: ' ?? movedOn(request, callers.get(request));',
    to: ';',
    seenBy: 'src/registers/offices/offices.test.ts',
    test: '页面上显示的身份已经没有了',
  },
  {
    title: '临时密码登录后不必自设密码',
    file: 'src/platform/sign-in.ts',
    from: "if (session.onLoan) return 'password';",
    to: "if (session.onLoan && session.enrolled) return 'password';",
    seenBy: 'src/registers/accounts/accounts.test.ts',
    test: '没有启用二次验证的，先设自己的密码',
  },
  {
    title: '重置密码连二次验证也清除',
    file: 'src/registers/accounts/commands.ts',
    from: 'loan: { by: signatureOf(person), reason: input.reason } });\n',
    to: 'loan: { by: signatureOf(person), reason: input.reason } });\n      await factor.endAuthenticator(tx, accountId);\n',
    seenBy: 'src/registers/accounts/accounts.test.ts',
    test: '临时密码只能用来设自己的密码',
  },
  {
    title: '临时密码永不过期',
    file: 'src/platform/sign-in.ts',
    from: 'attempt.loanUntil <= now) return',
    to: 'attempt.loanUntil <= new Date(0)) return',
    seenBy: 'src/registers/accounts/accounts.test.ts',
    test: '过了期的临时密码不能登录',
  },
  {
    title: '要求取消的导入照样做完',
    file: 'src/registers/rosters/commands.ts',
    from: '    await askCancel(tx, id);\n',
    to: '',
    seenBy: 'src/registers/rosters/rosters.test.ts',
    test: '正在做的',
  },
];

it.each(mutants)('$title：$test 变红', async ({ file, from, to, seenBy, test }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gongzhi-mutant-'));
  try {
    for (const part of [
      'src',
      'migrations',
      'policy',
      'tests',
      'verify',
      'docs',
      'bench',
      'package.json',
      'index.html',
    ])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    // The built web as it is: its sources are the same, or bin/start builds it again.
    if (existsSync(join(root, 'dist'))) cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    for (const part of [
      'vitest.config.ts',
      'vitest.deep.config.ts',
      'vite.config.ts',
      'tsconfig.json',
      'package-lock.json',
    ])
      cpSync(join(root, part), join(folder, part));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text, `${file} 里没有这句话`).toContain(from);
    writeFileSync(
      join(folder, file),
      text.replaceAll(from, () => to),
    );
    const results = await run(folder, seenBy, test);
    expect(
      results.filter((one) => one.status === 'failed' && one.title.startsWith(test)),
      JSON.stringify(results),
    ).not.toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

interface Outcome {
  title: string;
  status: string;
}

/** Files of which no test builds on another: the one named is run without the rest. */
const independent = ['tests/witness.test.ts', 'tests/fuzz.test.ts', 'tests/deep/fuzz.test.ts'];

function run(folder: string, file: string, test: string): Promise<Outcome[]> {
  const report = join(folder, 'report.json');
  const config = file.startsWith('tests/deep/') ? 'vitest.deep.config.ts' : 'vitest.config.ts';
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [
        join(folder, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--config',
        config,
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...(independent.includes(file) ? ['--testNamePattern', test.replaceAll(/[^\p{L}\p{N}]/gu, '.')] : []),
        file,
      ],
      { cwd: folder, timeout: 540_000, maxBuffer: 50_000_000 },
      (_, stdout, stderr) => {
        try {
          type Report = { testResults: { assertionResults: Outcome[] }[] };
          const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
          resolve(testResults.flatMap((one) => one.assertionResults).map(({ title, status }) => ({ title, status })));
        } catch {
          reject(new Error(`没有得到结果：${(stdout + stderr).slice(-2_000)}`));
        }
      },
    );
  });
}
