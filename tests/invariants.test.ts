// The invariants of audit, disclosure and authorisation: what each says, which test holds it, and who breaks it on purpose. docs/invariants.md is
// printed from this list; to print it anew: GONGZHI_WRITE_DOCS=1 bin/test tests/invariants.test.ts

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mutants as sourceMutants } from './mutants.ts';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/invariants.md');
const again = 'GONGZHI_WRITE_DOCS=1 bin/test tests/invariants.test.ts';

/** A file and titles in it, as they stand there; of a table of cases the case's own. */
type Named = readonly [file: string, ...titles: string[]];
interface Invariant {
  id: string;
  says: string;
  tests: readonly Named[];
  saboteurs: readonly Named[];
}

const deep = 'tests/deep/saboteurs.test.ts';
const mutants = 'tests/mutants.ts';
const spoils = 'tests/spoils.ts';
const verifier = 'src/platform/verify-journal.test.ts';

const invariants: readonly Invariant[] = [
  {
    id: 'A1',
    says: 'A covered row changes if and only if its event is committed with it; also when the program, the worker or the database is killed.',
    tests: [
      [
        'src/platform/journal.test.ts',
        '改动了受约束的表而没有留痕，拒绝提交，什么也不留下',
        '改动与留痕同进退；别的事务的留痕不算数',
      ],
      [verifier, '最后一次更改之后没有留痕，拒绝提交；没有改到行的语句不必留痕'],
      [
        'tests/deep/faults.test.ts',
        '十轮中断：已确认的一件不少，没有做了一半的，任务继续；真丢了、真断了，核对时都说得出来',
      ],
    ],
    saboteurs: [
      [
        deep,
        '判断的触发器被删',
        '判断的触发器停用',
        '小区的触发器被删',
        '标记的函数什么也不做',
        '报备的命令漏掉留痕：数据库拒绝提交；触发器也没了，留痕的检查认得出',
        '留痕不管所改的行',
      ],
      [spoils, '新表没有触发器', '触发器被删', '触发器停用'],
      [mutants, '答复先于落盘'],
    ],
  },
  {
    id: 'A2',
    says: 'Verification names the first break: which chain and number, or which table and row, and which kind of fault it is.',
    tests: [
      [verifier, '篡改表：攻击者是数据库超级用户'],
      ['tests/verify.test.ts', '时间倒退也认得出，即使哈希都重算', '完整，每一条都读得出；只导一条链也完整'],
      ['src/app/commands/journal.test.ts', '完整为 0；有一处不符为 1，说出在哪里；--json 给出同样的'],
    ],
    saboteurs: [
      [
        deep,
        '核验者被破坏：有一类篡改不再认得出（A2、A7）',
        '核验封存的部分被破坏：有一类篡改不再认得出（A2、A3）',
        '追加的函数忘了相接',
      ],
    ],
  },
  {
    id: 'A3',
    says: 'What a witness has seen stays a beginning of what is there; cut off, rewritten or forked history is refused, with the range that is gone.',
    tests: [
      [
        'tests/witness.test.ts',
        '截去末尾、改好链头、重建整棵树并重新签名：见证方说出不见了的范围，本机的运行状况也如实说',
        '截去末尾之后又补上同样多的别的记录：历史被改写，见证方不认',
        '从头改写一条并把哈希一路改到末端：链上自圆其说，见证方不认',
        '给不同的人看不同的历史：先看了一份的见证方不认另一份',
      ],
      ['src/kernel/merkle.test.ts', '历史被改写、证明被改动、大小不实：证明不成立'],
      [
        'tests/browser/seen.test.ts',
        '平时看不见它；记录变少时整页上方说明，并给出可抄录的凭据；签署恢复声明后改为提醒核对',
      ],
    ],
    saboteurs: [
      [mutants, 'A3 见证方不看证明', 'A3 见证方不记得见过多少', 'A3 浏览器不看证明', 'A3 前后相接的判断只看新的根'],
      [deep, '删了末尾一条'],
    ],
  },
  {
    id: 'A4',
    says: 'Two different events never have the same bytes: every field with its length, null apart from empty, the same in three implementations.',
    tests: [
      ['src/platform/journal.test.ts', '至少三十组，各不相同', '程序：$title', '数据库：%s'],
      [
        'tests/verify.test.ts',
        '任意字段：与平台的编码逐字节相同，解得回来；不同的字段编码不同',
        '金标准由另一种语言算出，与文件一致',
      ],
    ],
    saboteurs: [
      [deep, '存证字节漏了细目', '编码丢了长度', '空值写成空文本', '链的起点不分部署'],
      [spoils, '留痕加了一列，存证字节没有'],
    ],
  },
  {
    id: 'A5',
    says: 'No committed change is left out: it is on its chain at the commit and under a signed checkpoint within two minutes, whatever else stays open; being late is told.',
    tests: [
      [
        'tests/witness.test.ts',
        '同一时刻变动的许多条链都在树里；四次并发封存不重不漏',
        '另一个封存没有做完，这一个就等着',
        '一个事务开着不结束：别的照样封存；它自己的提交之后跟上，迟了就说',
      ],
      ['src/platform/journal.test.ts', '同时追加的各得一号，不断链'],
    ],
    saboteurs: [
      [mutants, 'A5 封存漏掉一些链', 'A5 并发封存不排队', 'A5 等所有事务都结束才封存', 'A5 迟迟不封存也不说'],
    ],
  },
  {
    id: 'A6',
    says: 'No role the program can take changes or deletes an event, a digest or a deed.',
    tests: [
      ['src/platform/journal.test.ts', '服务器的任何角色都不能改、删、直接写留痕'],
      ['tests/schema.test.ts', 'Object.keys(checks)'],
      ['src/procedures/filings/filings.test.ts', '报备不能改也不能删：数据库里就没有这样的权利'],
      ['src/platform/verification.test.ts', '结果只增不改：谁也改不了、删不了'],
    ],
    saboteurs: [
      [
        spoils,
        '留痕可以删',
        '留痕可以改',
        '行的摘要可以改',
        '报备可以改办成日期',
        '追加留痕的函数人人可执行',
        '登录角色能担任留痕的所有者',
      ],
    ],
  },
  {
    id: 'A7',
    says: 'What a superuser changes is found by the next verification: every hour by the worker, told above every page of the administrators, and by hand even where the program refuses to start.',
    tests: [
      [
        'src/platform/verification.test.ts',
        '超级用户改了一行、一条：说出哪张表哪一行、哪条链第几条、哪一类；运行状况也说',
        '整张表没有了：它的每一行都不在；核验做不完也是不符',
        '没有按时核验：页面和运行状况都说',
      ],
      ['src/app/commands/journal.test.ts', '数据库不满足启动条件，照样核验，一并说出；没有什么被迁移或修好'],
      ['tests/browser/access.test.ts', '核验不符：审计管理员的每一页上方都说哪条链第几条、哪一类；干部的页面上没有'],
      [verifier, '篡改表：攻击者是数据库超级用户'],
    ],
    saboteurs: [
      [mutants, 'A7 定时的核验不记发现', 'A7 核验做不完就当没有事', 'A7 数据库被人改动就不肯核验'],
      [deep, '核验者被破坏：有一类篡改不再认得出（A2、A7）', '行的摘要不随内容', '行的摘要没有记下'],
      [spoils, '核验者只看得见一半', '触发器函数被人改成什么也不记'],
    ],
  },
  {
    id: 'A8',
    says: 'Each event says who, from which post, of which body, in whose stead, why, and in which request; the database takes it from the transaction, not from the caller.',
    tests: [
      ['src/platform/journal.test.ts', '程序重算的字节、叶与链和数据库所记一致：%s'],
      [
        'src/registers/offices/offices.test.ts',
        '离岗期间代理：看见所代职务所见，留痕写明代谁；返岗之后的下一个请求就不再代理',
      ],
      [
        'src/registers/accounts/accounts.test.ts',
        '管理员代为绑定与解除，留痕里没有身份标识；一个身份只绑一个账号',
        '业主自己绑定与解除：没有单位，记在小区的链上',
      ],
    ],
    saboteurs: [
      [deep, '留痕不记人', '岗位由别处来', '代理人的事不写明代谁：检查认得出'],
      [mutants, 'A8 业主绑定统一身份不留痕'],
    ],
  },
  {
    id: 'A9',
    says: 'Destroying a person’s key erases them and leaves every chain whole; no telephone, identity number or party membership lies in clear in a table, a data file, the write-ahead log or an attachment.',
    tests: [
      [
        'src/registers/sealed/sealed.test.ts',
        '两个人才能抹除；抹除之后密钥、摘要、尾号都没有了，验证照旧全绿',
        '已知的电话、身份证号、党员身份在库的每一张表、数据目录的每一个文件（含预写日志）和附件目录里都找不到',
      ],
      ['src/platform/sealing.test.ts', '密钥销毁之后：密文还在，谁也打不开'],
    ],
    saboteurs: [
      [deep, '不销毁密钥', '留下尾号'],
      [mutants, 'A9 电话以明文存放', 'A9 名册的预览里留着党员身份', 'A9 名册的预览里留着身份证号'],
    ],
  },
  {
    id: 'A10',
    says: 'A database restored from a backup records nothing until a witness agrees or a signed statement says what was lost.',
    tests: [
      [
        'tests/witness.test.ts',
        '见证方核对一致之前只能查看，也不封存；核对一致之后照常',
        '备份比见证方旧：仍只能查看；签署恢复声明写明丢失的范围，见证方核实后接受，此后照常',
        '两个见证方，落后的先来：照常办理；看到更多的后来，仍可签署声明，从备份处接着见证',
        '两个见证方，看到更多的先来：落后的核对一致也不算，要签署声明',
        '没有恢复过：见证方看到的更多，声明签不下来',
        '没有恢复声明，见证方不会改口',
      ],
      ['src/app/backup.test.ts', '运行中备份、放到别处、启动：'],
    ],
    saboteurs: [
      [
        mutants,
        'A10 恢复之后不冻结',
        'A10 恢复之后照样封存',
        'A10 不核对就算一致',
        'A10 有人看到更多，落后的照样结束等待',
        'A10 落后的先来之后，不能再签声明',
        'A10 没有恢复过也能签声明',
        'A10 备份不带记号',
      ],
    ],
  },
  {
    id: 'A11',
    says: 'A deed and its evidence read as they were recorded: nothing is changed, a correction is another entry, attachments are held against their digest every night, and being late is worked out, never entered.',
    tests: [
      ['src/procedures/filings/filings.test.ts', '报备不能改也不能删：数据库里就没有这样的权利'],
      [
        'src/platform/files.test.ts',
        '被改动、被换掉、丢失的文件都不会当作原件给出',
        '核验时每一件都读一遍：改了的、没有了的都说出来；会被清除的上传不算',
      ],
      ['src/platform/verification.test.ts', '附件的内容没有了也说'],
      ['src/oversight/duties/duties.test.ts', '报备之后状态变为已完成，总账随之相减'],
    ],
    saboteurs: [
      [spoils, '报备可以改办成日期'],
      [mutants, 'A11 核验不读附件', '附件的内容后于答复写入'],
      [deep, '行的摘要不随内容'],
    ],
  },
  {
    id: 'A12',
    says: 'A sealed field opens only with a trace: who, from which post, for which reason, on a chain of readings of its own.',
    tests: [
      [
        'src/platform/sealing.test.ts',
        '封存后库中没有原文，打开得到原文并留下查看记录：何人、何职、何故，并入查看链',
        '没有查看记录就没有密钥：直接读、别的事务写下的、改头换面的，都不行',
      ],
      ['src/registers/sealed/sealed.test.ts', '查看都在链上，改了、删了都认得出'],
    ],
    saboteurs: [
      [deep, '密钥对机关敞开', '查看不问看不看得见此人', '查看不上链', '查看的摘要是空话'],
      [spoils, '机关可以直接读密钥', '多一条看得见密钥的策略', '查看不再上链'],
    ],
  },
  {
    id: 'Z1',
    says: 'Who is not let in sees nothing and writes nothing; no table is open for want of a rule.',
    tests: [
      ['src/registers/offices/offices.test.ts', '没有放行的事务，库里什么也看不见，也写不进'],
      ['src/oversight/duties/duties.test.ts', '没有身份和范围时什么也看不见'],
      ['tests/schema.test.ts', 'Object.keys(checks)'],
    ],
    saboteurs: [
      [spoils, '新表没有行级安全', '启用而不强制', '人人可以清空新表', '不经 set role 就能读'],
      [deep, '小区对所有机关可见', '事务之始不问任职'],
    ],
  },
  {
    id: 'Z2',
    says: 'Many people over few connections each get exactly what they would get alone.',
    tests: [
      [
        'tests/scope.test.ts',
        '60 个请求混在 4 条连接上，每个人得到的与独自询问时一字不差',
        '连接用完还回去，不带走任何人的身份和范围',
      ],
      ['tests/deep/scope.test.ts', '世界 %i：每个人所见恰是模型所说；300 个请求混在 4 条连接上也一样'],
    ],
    saboteurs: [
      [
        deep,
        'set 代替 set local：连接带走了身份和范围',
        'set 代替 set local，且只设给出的：混在一起的请求得到别人的答案',
        '没有 begin：请求失去身份',
      ],
    ],
  },
  {
    id: 'Z3',
    says: 'What the database shows each person is what a model of the rules, written apart from them, says they see.',
    tests: [
      [
        'tests/scope.test.ts',
        '数据库给每个人看的，恰是模型所说的；同一行对谁都说同样的话',
        '每一张清单都在模型里，或写明为什么不必：新的清单不写就不通过',
      ],
    ],
    saboteurs: [
      [
        deep,
        '小区的机关策略被删',
        '业主能看邻居的房屋',
        '企业能看业主姓名',
        '服务已结束的企业仍算在管',
        '审计管理员看得见邻区',
        '管理员看得见义务',
      ],
      [mutants, '看不见的和没有的，说法不同'],
    ],
  },
  {
    id: 'Z4',
    says: 'No policy asks a question about each row: the plan of no list has a subquery per row.',
    tests: [
      ['tests/scope.test.ts', '策略不给清单的计划添上逐行的子查询；添上了，看得出来'],
      ['tests/schema.test.ts', 'Object.keys(checks)'],
    ],
    saboteurs: [[spoils, '对小区号调用函数', '每一行做一次子查询']],
  },
  {
    id: 'Z5',
    says: 'A prohibition wins over every permission: conflict of interest, suspension, and three administrators who are three people.',
    tests: [
      [
        'src/registers/offices/offices.test.ts',
        '须回避的小区，连同其房屋、业主、项目、义务、报备，一概不见；说得出为什么；可以提异议，成立即',
        '停职压倒准许：下一个请求起什么也看不见，先前的身份也不能用；恢复后照旧；都留痕',
        '也不能代理另一种管理员',
      ],
    ],
    saboteurs: [
      [
        deep,
        '须回避的小区仍看得见',
        '须回避的企业仍看得见',
        '回避成了准许：不再压倒其他策略',
        '停职不作数',
        '约束被删',
      ],
    ],
  },
  {
    id: 'Z6',
    says: 'The program refuses a database that does not guard it: too strong a login, unforced row security, changed triggers, rights or functions, commits that are not durable.',
    tests: [
      [
        'tests/schema.test.ts',
        '弱登录角色可以启动',
        '超级用户登录：拒绝，并说该用哪个角色',
        '拥有数据表的登录：拒绝',
        'synchronous_commit 关闭：拒绝',
        'fsync、full_page_writes 关闭：拒绝，两项都说',
      ],
    ],
    saboteurs: [
      [deep, '启动时不检查：超级用户也能登录'],
      [spoils, '登录角色拥有一张表', '登录角色继承权限', '角色可绕过行级安全'],
    ],
  },
  {
    id: 'Z7',
    says: 'A view reads with the rights of whoever asks; nothing keeps a copy of guarded rows.',
    tests: [['tests/schema.test.ts', 'Object.keys(checks)']],
    saboteurs: [
      [spoils, '普通视图', '物化视图'],
      [deep, '义务的视图以所有者身份读', '事实函数以所有者身份读'],
    ],
  },
  {
    id: 'Z8',
    says: 'A post that ends, is suspended or is taken back holds no longer than the transaction under way.',
    tests: [
      [
        'src/registers/offices/offices.test.ts',
        '代理的身份在事务之始再问一次：返岗之后，先前取得的身份不能再用',
        '停职压倒准许：下一个请求起什么也看不见，先前的身份也不能用；恢复后照旧；都留痕',
      ],
      ['tests/scope.test.ts', '变动的任职都在其中：代理、离岗、停职、离任、未到任、回避、三种管理员'],
    ],
    saboteurs: [[deep, '事务之始不问任职', '停职不作数', '离任不作数', '返岗之后仍代理']],
  },
];

/** Named ones that do not stand, as a title, in the file that is said to have them. */
function missing(named: readonly Named[]): string[] {
  return named.flatMap(([file, ...titles]) => {
    if (!existsSync(join(root, file))) return [`没有 ${file}`];
    const text = readFileSync(join(root, file), 'utf8');
    // A title stands in quotes, whole or (of a table with a longer one) from its beginning; the catalogue's checks stand as what they are read from.
    return titles
      .filter((title) => !/^Object\./.test(title) || !text.includes(title))
      .filter((title) => ["'", '`', '"'].every((quote) => !text.includes(quote + title)))
      .map((title) => `${file} 里没有“${title}”`);
  });
}

describe('不变量 A1–A12、Z1–Z8', () => {
  it('二十条都在，各有测试和破坏者', () => {
    const all = [
      ...Array.from({ length: 12 }, (_, at) => `A${at + 1}`),
      ...Array.from({ length: 8 }, (_, at) => `Z${at + 1}`),
    ];
    expect(invariants.map((one) => one.id)).toEqual(all);
    for (const { id, tests, saboteurs } of invariants)
      for (const named of [tests, saboteurs])
        expect(named.every((one) => one.length > 1) && named.length > 0, id).toBe(true);
    for (const [file] of invariants.flatMap((one) => one.saboteurs)) expect([deep, mutants, spoils]).toContain(file);
  });

  it.each(invariants)('$id 的测试和破坏者都在所说的文件里', ({ tests, saboteurs }) => {
    expect(missing([...tests, ...saboteurs])).toEqual([]);
  });

  it.each(sourceMutants)('$title：所改的那句话还在，看见它的测试也在', ({ file, from, seenBy, test }) => {
    expect(readFileSync(join(root, file), 'utf8')).toContain(from);
    expect(missing([[seenBy, test]]).filter(() => !/^(第 \d|区住建局|街道)/.test(test))).toEqual([]);
  });

  it('没有的，认得出', () => {
    expect(
      missing([
        [deep, '没有这样一个破坏者'],
        ['tests/nowhere.test.ts', 'x'],
      ]),
    ).toHaveLength(2);
    expect(missing([[mutants, '见证方不看证明']])).toHaveLength(1);
  });
});

function printed(): string {
  const list = (named: readonly Named[]) =>
    named
      .map(([file, ...titles]) => {
        const shown = titles.map((title) => (title.startsWith('Object.') ? 'every check of tests/catalog.ts' : title));
        return `\`${file}\`: ${shown.join(' · ').replaceAll('|', '\\|')}`;
      })
      .join('<br>');
  return [
    '# Invariants',
    '',
    'What audit, disclosure and authorisation guarantee, the tests that hold it, and the saboteurs that break it on purpose and must',
    'turn a test red in `bin/test --deep`. `tests/invariants.test.ts` prints this page and fails when a name in it does not stand in its',
    `file; not written by hand. To print it anew: \`${again}\`.`,
    '',
    '| | Guarantee | Tests | Saboteurs |',
    '| --- | --- | --- | --- |',
    ...invariants.map((one) => `| ${one.id} | ${one.says} | ${list(one.tests)} | ${list(one.saboteurs)} |`),
    '',
  ].join('\n');
}

it('docs/invariants.md 就是这张表现在的样子', () => {
  if (process.env.GONGZHI_WRITE_DOCS) writeFileSync(page, printed());
  expect(existsSync(page) && readFileSync(page, 'utf8') === printed(), `页面过时，请运行 ${again}`).toBe(true);
});
