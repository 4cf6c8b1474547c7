import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, testDistrict, today } from '../../../tests/district.ts';
import { creditCheckOf } from '../../kernel/identifiers.ts';
import { ORGANISATION_KINDS } from '../../law/pack.ts';
import type { Person } from '../../platform/http.ts';
import { resolvePerson } from '../people/index.ts';
import { registerOrganisation } from './commands.ts';
import { organisationKinds } from './contract.ts';
import { listCompanies, listOrganisations, readCompany, readOrganisation } from './queries.ts';
import { findOrganisations, nearestOrganisation } from './store.ts';

let district: District;
let lin: Person;
let chen: Person;
let zhou: Person;
beforeAll(async () => {
  district = await testDistrict();
  const as = (account: number) =>
    district.database.transaction({ standing: 'door', today }, async (tx) => (await resolvePerson(tx, account, null))!);
  [lin, chen, zhou] = [
    await as(district.accounts.lin),
    await as(district.accounts.chen),
    await as(district.accounts.zhou),
  ];
});
afterAll(() => district?.close());

const page = { offset: 0, limit: 50, sort: 'name', order: 'asc' } as const;
const uscc = (body: string) => body + creditCheckOf(body);

describe('物业服务企业', () => {
  const list = (person: Person, input: object = {}) =>
    district.database.transaction(person.actor, (tx) => listCompanies(tx, { ...page, ...input }, today));

  it.each([
    ['区级看全部', () => lin, 2],
    ['街道看登记在本街道的', () => chen, 1],
    ['企业只看自己', () => zhou, 1],
  ])('%s', async (_, who, total) => {
    expect((await list(who())).total).toBe(total);
  });

  it('没摸排过的是待补，不是没有', async () => {
    const { rows } = await list(lin);
    const surveyed = rows.find((row) => row.name === '示范安居物业服务有限公司');
    const unknown = rows.find((row) => row.name === '示范宜家物业服务有限公司');
    expect(surveyed).toMatchObject({
      hasPartyOrganisation: true,
      inJointOrganisation: false,
      hasInstructor: true,
      workCovered: true,
      fullMembers: 4,
      projects: 1,
    });
    expect(unknown).toMatchObject({
      hasPartyOrganisation: null,
      inJointOrganisation: null,
      hasInstructor: null,
      workCovered: null,
      fullMembers: null,
      projects: 0,
    });
  });

  it.each([
    [{ party: 'own' }, ['示范安居物业服务有限公司']],
    [{ party: 'none' }, []],
    [{ party: 'unknown' }, ['示范宜家物业服务有限公司']],
    [{ instructor: 'yes' }, ['示范安居物业服务有限公司']],
    [{ eligible: 'unknown' }, ['示范宜家物业服务有限公司']],
    [{ search: '宜家' }, ['示范宜家物业服务有限公司']],
    [{ area: codes.west }, ['示范宜家物业服务有限公司']],
    [{ sort: 'projects', order: 'desc', limit: 1 }, ['示范安居物业服务有限公司']],
  ])('筛选 %o', async (input, names) => {
    expect((await list(lin, input)).rows.map((row) => row.name)).toEqual(names);
  });

  it('企业页面：党组织、指导员、服务的小区', async () => {
    const found = (await district.database.transaction(chen.actor, (tx) =>
      readCompany(tx, district.organisations.company, today),
    ))!;
    expect(found.arrangements).toMatchObject([{ form: 'own', name: '安居物业党支部' }]);
    expect(found.instructors).toMatchObject([{ name: '苏敏', estateName: '春江花园' }]);
    expect(found.estates).toMatchObject([{ name: '春江花园', areaName: '春江社区', inForce: true }]);
    expect(
      await district.database.transaction(chen.actor, (tx) =>
        readCompany(tx, district.organisations.otherCompany, today),
      ),
    ).toBeNull();
  });
});

describe('单位名录', () => {
  it('人人可查；按类别与区划筛选', async () => {
    const found = await district.database.transaction(zhou.actor, (tx) =>
      listOrganisations(tx, { ...page, sort: 'area', kind: 'subdistrict-office' }),
    );
    expect(found.rows.map((row) => [row.name, row.areaName])).toEqual([
      ['东湖街道办事处', '东湖街道'],
      ['西山街道办事处', '西山街道'],
    ]);
    const east = await district.database.transaction(zhou.actor, (tx) =>
      listOrganisations(tx, { ...page, area: codes.east }),
    );
    expect(east.total).toBe(4);
    expect(await district.database.transaction(zhou.actor, (tx) => readOrganisation(tx, 999_999))).toBeNull();
  });

  it('最近的同类单位沿上级链查找', async () => {
    const found = await district.database.transaction(lin.actor, async (tx) => ({
      office: await nearestOrganisation(tx, 'subdistrict-office', codes.spring),
      bureau: await nearestOrganisation(tx, 'housing-bureau', codes.spring),
      court: await nearestOrganisation(tx, 'court', codes.spring),
      byName: await findOrganisations(tx, { kind: 'property-company', names: ['安居物业'] }),
    }));
    expect(found.office?.name).toBe('东湖街道办事处');
    expect(found.bureau?.name).toBe('示范区住房和城乡建设局');
    expect(found.court).toBeNull();
    expect(found.byName.map((one) => one.id)).toEqual([district.organisations.company]);
  });

  const input = {
    kind: 'property-company',
    name: '示范新居物业服务有限公司',
    areaCode: codes.east,
    enrolledOn: today,
  } as const;
  const register = (person: Person, more: object) =>
    district.database.transaction(person.actor, (tx) => registerOrganisation(tx, person, { ...input, ...more }));

  it('登记企业：查代码校验位、重名和辖区', async () => {
    const code = uscc('91990102MA0000001');
    expect(await register(chen, { uscc: `${code.slice(0, 17)}${code.endsWith('A') ? 'B' : 'A'}` })).toMatchObject({
      refusals: [{ field: 'uscc', reason: expect.stringContaining('校验位') }],
    });
    expect(await register(chen, { areaCode: codes.west })).toMatchObject({ refusals: [{ field: 'areaCode' }] });
    const made = await register(chen, { uscc: code.toLowerCase() });
    expect(made).toEqual({ id: expect.any(Number) });
    expect(await register(chen, { uscc: code, name: '另一家物业服务有限公司' })).toMatchObject({
      refusals: [{ field: 'uscc', reason: `统一社会信用代码 ${code} 已登记给“${input.name}”` }],
    });
    expect(await register(chen, {})).toMatchObject({ refusals: [{ field: 'name' }] });
    const facts = await district.database.transaction(chen.actor, (tx) =>
      readCompany(tx, (made as { id: number }).id, today),
    );
    expect(facts).toMatchObject({ uscc: code, partySurveyed: false, fullMembers: null });
  });

  it('单位类别的名称齐全', () => {
    expect(Object.keys(organisationKinds)).toEqual(Object.keys(ORGANISATION_KINDS));
  });
});
