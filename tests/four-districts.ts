// The same estate four times, in four districts of one invented city, each under the pack of another province.

import { localDate } from '../src/kernel/local-date.ts';
import { materialiseDuties } from '../src/oversight/duties/index.ts';
import type { Transaction } from '../src/platform/database.ts';
import { record } from '../src/platform/journal.ts';
import type { Sealing } from '../src/platform/sealing.ts';
import { addAreas } from '../src/registers/areas/index.ts';
import { addCommittees, addEstates, addProjects } from '../src/registers/estates/index.ts';
import { addCompanies, addOrganisations, addPartyArrangements } from '../src/registers/organisations/index.ts';
import { addAccount, addPeople, addPosts } from '../src/registers/people/index.ts';
import { addBindings } from '../src/registers/requirements/index.ts';
import { password, today } from './district.ts';

export const fourPacks = ['jiangsu', 'licheng', 'yunnan', 'henan'] as const;
export type FourPack = (typeof fourPacks)[number];

/** One of the four: its district, sub-district and community by code, its estate and the company that serves it. */
export interface Quarter {
  district: string;
  subdistrict: string;
  community: string;
  estate: number;
  company: number;
}

const enrolledOn = '2026-01-01';

/**
 * 镜湖苑, served since February, with a committee of seven since March of whom three are party members. An officer of the city's bureau sees
 * all four. Packs and calendar must be loaded.
 */
export async function addFourDistricts(tx: Transaction, sealing: Sealing): Promise<Record<FourPack, Quarter>> {
  await addAreas(tx, [
    { code: '990000000000', name: '示范省', parentCode: null, enrolledOn },
    { code: '990100000000', name: '示范市', parentCode: '990000000000', enrolledOn },
  ]);
  const [bureau] = (await addOrganisations(tx, [
    { kind: 'housing-bureau', name: '示范市住房和城乡建设局', areaCode: '990100000000', enrolledOn },
  ])) as [number];
  const [person] = await addPeople(tx, sealing, [{ scope: '990111000000', name: '林海' }]);
  await addPosts(tx, [{ personId: person!, organisationId: bureau, role: 'officer', fromOn: '2024-01-01' }]);
  await addAccount(tx, { name: '市住建局', personId: person!, password, demo: true });
  const quarters: [FourPack, Quarter][] = [];
  for (const [at, pack] of fourPacks.entries()) quarters.push([pack, await addQuarter(tx, pack, at)]);
  await materialiseDuties(tx, localDate(today));
  await record(tx, { chain: `organisation:${bureau}`, act: 'tests.prepared', object: 'area:990100000000' });
  return Object.fromEntries(quarters) as Record<FourPack, Quarter>;
}

async function addQuarter(tx: Transaction, packId: FourPack, at: number): Promise<Quarter> {
  const name = ['苏演', '鲤演', '滇演', '豫演'][at]!;
  const [district, subdistrict, community] = ['000000', '001000', '001001'].map((rest) => `99011${at + 1}${rest}`) as [
    string,
    string,
    string,
  ];
  await addAreas(tx, [
    { code: district, name: `${name}区`, parentCode: '990100000000', enrolledOn },
    { code: subdistrict, name: `${name}街道`, parentCode: district, enrolledOn },
    { code: community, name: `${name}社区`, parentCode: subdistrict, enrolledOn },
  ]);
  const [company] = await addOrganisations(tx, [
    { kind: 'property-company', name: `${name}物业服务有限公司`, areaCode: subdistrict, enrolledOn },
    { kind: 'housing-bureau', name: `${name}区住房和城乡建设局`, areaCode: district, enrolledOn },
    { kind: 'subdistrict-office', name: `${name}街道办事处`, areaCode: subdistrict, enrolledOn },
  ]);
  await addCompanies(tx, [
    {
      organisationId: company!,
      scope: subdistrict,
      registeredOn: '2020-05-06',
      fullMembers: 4,
      eligible: true,
      partySurveyed: true,
    },
  ]);
  await addPartyArrangements(tx, [
    { companyId: company!, scope: subdistrict, form: 'own', name: `${name}物业党支部`, foundedOn: '2024-06-01' },
  ]);
  const [estate] = await addEstates(tx, [{ communityCode: community, name: '镜湖苑', enrolledOn }]);
  await addProjects(tx, [{ estateId: estate!.id, mode: 'company', companyId: company!, startedOn: '2026-02-01' }]);
  await addCommittees(tx, [
    {
      estateId: estate!.id,
      kind: 'owners',
      enrolledOn,
      termFrom: '2026-03-01',
      termTo: '2031-03-01',
      memberCount: 7,
      partyMemberCount: 3,
      partyUnit: true,
    },
  ]);
  await addBindings(tx, [{ areaCode: district, packId, fromOn: enrolledOn }]);
  return { district, subdistrict, community, estate: estate!.id, company: company! };
}
