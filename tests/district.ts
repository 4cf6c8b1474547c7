// One small district with named people: the fixture of tests that need registers. Everything in it is invented; codes lie outside the real range.

import { type Actor, type Database, openDatabase } from '../src/platform/database.ts';
import { record } from '../src/platform/journal.ts';
import { keysFrom } from '../src/platform/keys.ts';
import { createSealing, type Sealing } from '../src/platform/sealing.ts';
import type { Signer } from '../src/platform/witnessing/index.ts';
import { addAreas } from '../src/registers/areas/index.ts';
import {
  addCommitteeMembers,
  addCommittees,
  addEstates,
  addOwners,
  addProjects,
  addUnits,
} from '../src/registers/estates/index.ts';
import {
  addCompanies,
  addInstructors,
  addOrganisations,
  addPartyArrangements,
} from '../src/registers/organisations/index.ts';
import { addAccount, addPeople, addPosts } from '../src/registers/people/index.ts';
import { testDatabase } from './database.ts';

export const today = '2026-11-22';
export const engine: Actor = { standing: 'engine', today };
export const password = '示范区演示口令2026';

/** Codes of the areas; the first two digits, 99, belong to no province. */
export const codes = {
  province: '990000000000',
  city: '990100000000',
  district: '990102000000',
  east: '990102001000',
  west: '990102002000',
  spring: '990102001001',
  lake: '990102001002',
  stone: '990102002001',
} as const;

export interface District {
  /** As superuser, to look behind the policies. */
  adminUrl: string;
  database: Database;
  sealing: Sealing;
  signer: Signer;
  organisations: Record<
    'bureau' | 'eastOffice' | 'westOffice' | 'springCommittee' | 'company' | 'otherCompany',
    number
  >;
  /** Estates: two in 春江社区 (east), one in 镜湖社区 (east), one in 石桥社区 (west). */
  estates: Record<'garden' | 'oldTown' | 'lakeside' | 'bridge', number>;
  committee: number;
  units: number[];
  people: Record<'lin' | 'chen' | 'wu' | 'zhou' | 'he' | 'deng', number>;
  posts: Record<'linBureau' | 'chenEast' | 'wuWest' | 'zhouCompany' | 'heCommittee' | 'dengOwner', number>;
  accounts: Record<'lin' | 'chen' | 'zhou' | 'deng', number>;
  close(): Promise<void>;
}

export async function testDistrict(): Promise<District> {
  const place = await testDatabase();
  const database = await openDatabase({ url: place.loginUrl });
  const keys = keysFrom(Buffer.alloc(32, 7));
  const sealing = createSealing(keys);
  const made = await database.transaction(engine, async (tx) => {
    const enrolledOn = '2026-01-01';
    await addAreas(tx, [
      { code: codes.province, name: '示范省', parentCode: null, enrolledOn },
      { code: codes.city, name: '示范市', parentCode: codes.province, enrolledOn },
      { code: codes.district, name: '示范区', parentCode: codes.city, enrolledOn },
      { code: codes.east, name: '东湖街道', parentCode: codes.district, enrolledOn },
      { code: codes.west, name: '西山街道', parentCode: codes.district, enrolledOn },
      { code: codes.spring, name: '春江社区', parentCode: codes.east, enrolledOn },
      { code: codes.lake, name: '镜湖社区', parentCode: codes.east, enrolledOn },
      { code: codes.stone, name: '石桥社区', parentCode: codes.west, enrolledOn },
    ]);
    const [bureau, eastOffice, westOffice, springCommittee, company, otherCompany] = (await addOrganisations(tx, [
      { kind: 'housing-bureau', name: '示范区住房和城乡建设局', areaCode: codes.district, enrolledOn },
      { kind: 'subdistrict-office', name: '东湖街道办事处', areaCode: codes.east, enrolledOn },
      { kind: 'subdistrict-office', name: '西山街道办事处', areaCode: codes.west, enrolledOn },
      { kind: 'residents-committee', name: '春江社区居委会', areaCode: codes.spring, enrolledOn },
      {
        kind: 'property-company',
        name: '示范安居物业服务有限公司',
        shortName: '安居物业',
        areaCode: codes.east,
        enrolledOn,
      },
      { kind: 'property-company', name: '示范宜家物业服务有限公司', areaCode: codes.west, enrolledOn },
    ])) as [number, number, number, number, number, number];
    await addCompanies(tx, [
      {
        organisationId: company,
        scope: codes.east,
        registeredOn: '2020-05-06',
        fullMembers: 4,
        eligible: true,
        partySurveyed: true,
      },
      { organisationId: otherCompany, scope: codes.west },
    ]);
    const added = await addEstates(tx, [
      {
        communityCode: codes.spring,
        name: '春江花园',
        kind: 'commodity',
        households: 6,
        floorAreaCentiM2: 52_000_05n,
        enrolledOn,
        serviceSurveyed: true,
        committeeSurveyed: true,
      },
      {
        communityCode: codes.spring,
        name: '老城里',
        kind: 'old',
        surveyedUnserved: true,
        serviceSurveyed: true,
        committeeSurveyed: true,
        enrolledOn,
      },
      { communityCode: codes.lake, name: '镜湖苑', enrolledOn },
      { communityCode: codes.stone, name: '石桥新村', kind: 'resettlement', enrolledOn },
    ]);
    const [garden, oldTown, lakeside, bridge] = added.map((estate) => estate.id) as [number, number, number, number];
    const [project] = await addProjects(tx, [
      {
        estateId: garden,
        mode: 'company',
        companyId: company,
        managerName: '周启明',
        supervised: true,
        startedOn: '2024-01-01',
      },
      { estateId: bridge, mode: 'company', companyId: otherCompany, startedOn: '2023-01-01', endedOn: '2025-12-31' },
    ]);
    await addPartyArrangements(tx, [
      { companyId: company, scope: codes.east, form: 'own', name: '安居物业党支部', foundedOn: '2024-06-01' },
    ]);
    await addInstructors(tx, [
      { companyId: company, projectId: project!, scope: codes.east, name: '苏敏', fromOn: '2025-03-01' },
    ]);
    const [committee] = await addCommittees(tx, [
      {
        estateId: garden,
        kind: 'owners',
        enrolledOn,
        termFrom: '2024-09-01',
        termTo: '2029-09-01',
        memberCount: 5,
        partyMemberCount: 3,
        partyUnit: true,
      },
    ]);
    await addCommitteeMembers(tx, [
      { committeeId: committee!, name: '何文静', title: 'director', fromOn: '2024-09-01' },
      { committeeId: committee!, name: '邓小舟', title: 'member', fromOn: '2024-09-01' },
    ]);
    const units = await addUnits(tx, garden, [
      { building: '1幢', name: '101', areaCentiM2: 89_34n },
      { building: '1幢', name: '102', areaCentiM2: 120_00n },
      { building: '2幢', name: '101', areaCentiM2: 75_50n },
      { building: '2幢', name: '车位1', kind: 'parking' },
    ]);
    const [bridgeUnit] = await addUnits(tx, bridge, [{ building: '3幢', name: '301', areaCentiM2: 66_00n }]);
    const [lin, chen, wu, zhou] = (await addPeople(tx, sealing, [
      { scope: codes.district, name: '林海' },
      { scope: codes.east, name: '陈晓岚', phone: '13900000001' },
      { scope: codes.west, name: '吴建国' },
      { scope: codes.east, name: '周启明' },
    ])) as [number, number, number, number];
    const [deng, he] = (await addOwners(tx, sealing, [
      { unitId: units[0]!, name: '邓小舟', phone: '13911112222', fromOn: '2018-05-01' },
      { unitId: units[1]!, name: '何文静', phone: '13933334444', fromOn: '2018-05-01' },
      { unitId: units[3]!, name: '邓小舟', phone: '13911112222', fromOn: '2019-07-01' },
      { unitId: bridgeUnit!, name: '罗平', phone: '13955556666' },
    ])) as [number, number, number, number];
    const fromOn = '2024-01-01';
    const posts = (await addPosts(tx, [
      { personId: lin, organisationId: bureau, role: 'head', fromOn },
      { personId: chen, organisationId: eastOffice, role: 'officer', fromOn },
      { personId: wu, organisationId: westOffice, role: 'officer', fromOn },
      { personId: zhou, organisationId: company, role: 'manager', fromOn },
      { personId: he, organisationId: committee!, role: 'director', fromOn: '2024-09-01' },
      { personId: deng, organisationId: null, role: 'owner', fromOn: '2018-05-01' },
    ])) as [number, number, number, number, number, number];
    const account = async (name: string, personId: number) =>
      (await addAccount(tx, { name, personId, password, demo: true }))!;
    const accounts = {
      lin: await account('区住建局', lin),
      chen: await account('东湖街道', chen),
      zhou: await account('安居物业', zhou),
      deng: await account('业主邓小舟', deng),
    };
    await record(tx, { chain: `organisation:${bureau}`, act: 'tests.prepared', object: `area:${codes.district}` });
    return {
      organisations: { bureau, eastOffice, westOffice, springCommittee, company, otherCompany },
      estates: { garden, oldTown, lakeside, bridge },
      committee: committee!,
      units,
      people: { lin, chen, wu, zhou, he, deng },
      posts: {
        linBureau: posts[0],
        chenEast: posts[1],
        wuWest: posts[2],
        zhouCompany: posts[3],
        heCommittee: posts[4],
        dengOwner: posts[5],
      },
      accounts,
    };
  });
  return {
    adminUrl: place.adminUrl,
    database,
    sealing,
    signer: keys.signer,
    ...made,
    async close() {
      await database.close();
      await place.drop();
    },
  };
}
