import { checkDivisionCode, levelOfDivision, parentDivision } from '../../kernel/identifiers.ts';
import { materialiseDuties } from '../../oversight/duties/index.ts';
import { sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { newPassword } from '../../platform/migrations.ts';
import { addAreas } from '../../registers/areas/index.ts';
import { addOrganisations } from '../../registers/organisations/index.ts';
import { addAccount, addPeople, addPosts } from '../../registers/people/index.ts';
import { addBindings } from '../../registers/requirements/index.ts';
import { describeProblems, loadPolicy } from '../policy.ts';
import { deploymentMode } from '../system.ts';
import { type Command, CommandError } from './command.ts';
import { withSystem } from './with-system.ts';

/** The body that starts a deployment at each level; everything else is imported or added in the console. */
const founders = {
  province: { kind: 'housing-bureau', suffix: '住房和城乡建设厅' },
  city: { kind: 'housing-bureau', suffix: '住房和城乡建设局' },
  district: { kind: 'housing-bureau', suffix: '住房和城乡建设局' },
  subdistrict: { kind: 'subdistrict-office', suffix: '办事处' },
  community: { kind: 'residents-committee', suffix: '居民委员会' },
} as const;

export const setup: Command = {
  summary: '建立一个真实的空地区（代替演示数据）',
  usage: [
    '用法：bin/gongzhi setup 区划代码 --names 名称 [--pack 政策包] [--account 账号] [--json]',
    '',
    '  区划代码    6、9 或 12 位；区县为主，试点可以只是一个社区',
    '  --names     从省到本地的名称，用 / 隔开，如 福建省/泉州市/鲤城区',
    '  --pack      本地适用的政策包，如 licheng；可以以后在“区划与政策”里绑定',
    '  --account   第一个账号，默认 admin',
    '  --policy-from  政策包自何日起适用（默认今天）',
    '',
    '建好后运行 bin/start，用打印的账号登录，从“名册导入”粘贴小区名单开始。',
  ].join('\n'),
  options: {
    names: { type: 'string' },
    pack: { type: 'string' },
    account: { type: 'string', default: 'admin' },
    'policy-from': { type: 'string' },
  },
  async run({ positionals: [given], options }) {
    if (given === undefined) throw new CommandError(this.usage);
    const code = given.padEnd(12, '0');
    const checked = checkDivisionCode(code);
    const level = levelOfDivision(code);
    if (!checked.ok || level === null)
      throw new CommandError(
        `区划代码 ${given} 不对：${checked.ok ? '不是省、市、区县、街道或社区的代码' : checked.reason}`,
      );
    const chain = [code];
    for (let above = parentDivision(code); above !== null; above = parentDivision(above)) chain.unshift(above);
    const names = (options.names ?? '')
      .split('/')
      .map((name) => name.trim())
      .filter(Boolean);
    if (names.length !== chain.length)
      throw new CommandError(
        `请用 --names 给出从省到本地的 ${chain.length} 个名称，用 / 隔开（现在有 ${names.length} 个）。`,
      );

    return withSystem(async (system, settings) => {
      const mode = await deploymentMode(system);
      if (mode !== null)
        throw new CommandError(
          `这个数据文件夹里已经有${mode === 'demo' ? '演示数据' : '一个地区'}。请用 GONGZHI_DATA 另选一个空文件夹再建立。`,
        );
      const policy = await loadPolicy(system, settings.policyFolder);
      if ('problems' in policy)
        throw new CommandError(`政策包有问题，没有建立：\n${describeProblems(policy.problems)}`);
      const today = system.clock.today();
      const password = newPassword().slice(0, 16);
      const account = options.account!;
      const own = names.at(-1)!;
      await system.database.transaction({ standing: 'engine', today }, async (tx) => {
        if (options.pack) {
          const { rows } = await sql<{
            id: string;
          }>`select id from registers.pack where retired_at is null order by id`.execute(tx);
          if (!rows.some((row) => row.id === options.pack))
            throw new CommandError(`没有政策包 ${options.pack}；可用：${rows.map((row) => row.id).join('、')}`);
        }
        await addAreas(
          tx,
          chain.map((one, place) => ({
            code: one,
            name: names[place]!,
            parentCode: chain[place - 1] ?? null,
            enrolledOn: today,
          })),
        );
        const founder = founders[level];
        const [organisationId] = await addOrganisations(tx, [
          { kind: founder.kind, name: `${own}${founder.suffix}`, areaCode: code, enrolledOn: today },
        ]);
        const [personId] = await addPeople(tx, system.sealing, [{ scope: code, name: '首任管理员' }]);
        await addPosts(tx, [
          {
            personId: personId!,
            organisationId: organisationId!,
            role: 'administrator',
            fromOn: today,
            document: '建立部署',
          },
        ]);
        await addAccount(tx, { name: account, personId: personId!, password });
        await addBindings(tx, [
          {
            areaCode: code,
            packId: options.pack ?? 'national',
            fromOn: options['policy-from'] ?? today,
            document: '建立部署',
          },
        ]);
        await sql`insert into platform.deployment (mode, anchor_on, prepared_at) values ('real', ${today}, clock_timestamp())`.execute(
          tx,
        );
        await record(tx, {
          chain: `organisation:${organisationId!}`,
          act: 'deployment.founded',
          object: `area:${code}`,
          detail: { names: chain.map((one, place) => `${one} ${names[place]}`), pack: options.pack ?? 'national' },
        });
      });
      await system.database.transaction({ standing: 'engine', today }, (tx) => materialiseDuties(tx, today));
      return {
        data: { code, name: own, account, password, pack: options.pack ?? 'national' },
        text: `${own}（${code}）已建立，适用政策包 ${options.pack ?? 'national'}。\n账号 ${account}　口令 ${password}（只显示这一次，登录后请修改）\n现在运行 bin/start。`,
      };
    });
  },
};
