// A real, empty district: the chain of areas down to it, its first body and account, and the pack that applies.

import { levelOfDivision } from '../kernel/identifiers.ts';
import { materialiseDuties } from '../oversight/duties/index.ts';
import { sql } from '../platform/database.ts';
import { record } from '../platform/journal.ts';
import { newFirstPassword } from '../platform/sign-in.ts';
import type { System } from '../platform/system.ts';
import { addAreas } from '../registers/areas/index.ts';
import { addOrganisations } from '../registers/organisations/index.ts';
import { addAccount, addPeople, addPosts } from '../registers/people/index.ts';
import { addBindings } from '../registers/requirements/index.ts';
import { describeProblems, loadPolicy } from './policy.ts';
import { deploymentMode } from './system.ts';

/** The body that starts a deployment at each level; everything else is imported or added in the console. */
const founders = {
  province: { kind: 'housing-bureau', suffix: '住房和城乡建设厅' },
  city: { kind: 'housing-bureau', suffix: '住房和城乡建设局' },
  district: { kind: 'housing-bureau', suffix: '住房和城乡建设局' },
  subdistrict: { kind: 'subdistrict-office', suffix: '办事处' },
  community: { kind: 'residents-committee', suffix: '居民委员会' },
} as const;

/** The first officer, who brings in the registers, and the three administrators, who see none of them and are nobody twice (三员分立). */
const founding = [
  { role: 'officer', name: '首任经办人', account: '' },
  { role: 'administrator', name: '首任系统管理员', account: '系统' },
  { role: 'security-administrator', name: '首任安全管理员', account: '安全' },
  { role: 'audit-administrator', name: '首任审计管理员', account: '审计' },
] as const;

export interface Founding {
  /** From the province down to the area itself. */
  chain: readonly { code: string; name: string }[];
  /** Of the first officer; the administrators' are the same with what they administer after it. */
  account: string;
  pack: string;
  /** The pack applies from this day; default today. */
  packFrom?: string;
}

export interface FoundedAccount {
  role: string;
  account: string;
  password: string;
}

export type Founded = { name: string; accounts: readonly FoundedAccount[]; pack: string } | { refused: string };

/** Founds the deployment in one transaction, or says in Chinese why it cannot. The passwords are told once. */
export async function foundDeployment(
  system: System,
  policyFolder: string | undefined,
  given: Founding,
): Promise<Founded> {
  const mode = await deploymentMode(system);
  if (mode !== null) {
    const what = mode === 'demo' ? '演示数据' : '一个地区';
    return { refused: `这个数据文件夹里已经有${what}。请用 GONGZHI_DATA 另选一个空文件夹再建立。` };
  }
  const policy = await loadPolicy(system, policyFolder);
  if ('problems' in policy) return { refused: `政策包有问题，没有建立：\n${describeProblems(policy.problems)}` };
  const { code, name } = given.chain.at(-1)!;
  const founder = founders[levelOfDivision(code)!];
  const today = system.clock.today();
  const accounts = founding.map(({ role, name, account }) => ({
    role,
    name,
    account: `${given.account}${account}`,
    password: newFirstPassword(),
  }));
  const packs = await system.database.transaction({ standing: 'engine', today }, async (tx) => {
    const { rows } = await sql<{ id: string }>`
      select id from registers.pack where retired_at is null order by id`.execute(tx);
    return rows.map((row) => row.id);
  });
  if (!packs.includes(given.pack)) return { refused: `没有政策包 ${given.pack}；可用：${packs.join('、')}` };
  await system.database.transaction({ standing: 'engine', today }, async (tx) => {
    const areas = given.chain.map((one, place) => ({
      ...one,
      parentCode: given.chain[place - 1]?.code ?? null,
      enrolledOn: today,
    }));
    await addAreas(tx, areas);
    const [organisationId] = await addOrganisations(tx, [
      { kind: founder.kind, name: `${name}${founder.suffix}`, areaCode: code, enrolledOn: today },
    ]);
    const people = await addPeople(
      tx,
      system.sealing,
      accounts.map((one) => ({ scope: code, name: one.name })),
    );
    const document = '建立部署';
    for (const [at, { role, account, password }] of accounts.entries()) {
      const personId = people[at]!;
      await addPosts(tx, [{ personId, organisationId: organisationId!, role, fromOn: today, document }]);
      await addAccount(tx, { name: account, personId, password });
    }
    await addBindings(tx, [{ areaCode: code, packId: given.pack, fromOn: given.packFrom ?? today, document }]);
    await sql`insert into platform.deployment (mode, anchor_on, prepared_at) values ('real', ${today}, clock_timestamp())`.execute(
      tx,
    );
    await record(tx, {
      chain: `organisation:${organisationId!}`,
      act: 'deployment.founded',
      object: `area:${code}`,
      detail: { areas: given.chain.map((one) => `${one.code} ${one.name}`), pack: given.pack },
    });
  });
  await system.database.transaction({ standing: 'engine', today }, (tx) => materialiseDuties(tx, today));
  const told = accounts.map(({ name: role, account, password }) => ({ role, account, password }));
  return { name, accounts: told, pack: given.pack };
}
