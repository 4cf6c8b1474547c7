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

export interface Founding {
  /** From the province down to the area itself. */
  chain: readonly { code: string; name: string }[];
  account: string;
  pack: string;
  /** The pack applies from this day; default today. */
  packFrom?: string;
}

export type Founded = { name: string; account: string; password: string; pack: string } | { refused: string };

/** Founds the deployment in one transaction, or says in Chinese why it cannot. The password is told once. */
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
  const password = newFirstPassword();
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
    const [personId] = await addPeople(tx, system.sealing, [{ scope: code, name: '首任管理员' }]);
    const document = '建立部署';
    await addPosts(tx, [
      { personId: personId!, organisationId: organisationId!, role: 'administrator', fromOn: today, document },
    ]);
    await addAccount(tx, { name: given.account, personId: personId!, password });
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
  return { name, account: given.account, password, pack: given.pack };
}
