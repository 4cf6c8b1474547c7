/** 房屋名册: units with their buildings and, where known, owners. A telephone is sealed; what is staged of it is a keyed hash and four digits. */
import { sql } from '../../../platform/database.ts';
import type { Field } from '../../../platform/spreadsheets/index.ts';
import { unitKinds } from '../../estates/index.ts';
import { addPeople } from '../../people/index.ts';
import { assignments, choicesOf, column, fieldsOf, mentions } from '../columns.ts';
import type { RosterKind, Writing } from '../kind.ts';
import type { Json, RowProblem } from '../rosters.ts';
import { namesIn } from '../rules.ts';
import { communityField, openEstates, placeOf, streetField } from './places.ts';

const unitColumns = [column('areaCentiM2', 'area_centi_m2', 'bigint'), column('kind', 'kind', 'text')];

const fields: readonly Field[] = [
  {
    key: 'estate',
    label: '小区名称',
    kind: 'text',
    required: true,
    maxLength: 60,
    synonyms: ['小区', '住宅小区', '项目名称', '楼盘名称'],
    example: '春江花园',
  },
  { ...streetField, hint: '辖区内有同名小区时填写' },
  { ...communityField, hint: '辖区内有同名小区时填写' },
  {
    key: 'building',
    label: '楼栋',
    kind: 'text',
    required: true,
    maxLength: 30,
    synonyms: ['栋号', '幢号', '楼号', '楼幢', '栋', '幢', '楼栋号', '楼栋名称'],
    example: '1幢',
  },
  {
    key: 'unit',
    label: '房号',
    kind: 'text',
    required: true,
    maxLength: 30,
    synonyms: ['室号', '房屋', '门牌号', '户室号', '房间号', '单元房号', '户号', '房屋编号'],
    hint: '有单元的写作 2-301',
    example: '101',
  },
  {
    key: 'areaCentiM2',
    label: '建筑面积',
    kind: 'area',
    synonyms: ['面积', '房屋面积', '产权面积', '房屋建筑面积', '专有部分面积'],
  },
  {
    key: 'kind',
    label: '房屋类型',
    kind: 'choice',
    synonyms: ['用途', '房屋用途', '类型', '规划用途', '房屋性质'],
    choices: choicesOf(unitKinds, {
      dwelling: ['成套住宅', '居住', '住房'],
      shop: ['商业', '店面', '店铺', '商业用房', '营业房'],
      parking: ['车库', '停车位'],
    }),
  },
  {
    key: 'owner',
    label: '业主姓名',
    kind: 'text',
    maxLength: 120,
    synonyms: ['业主', '产权人', '房主', '户主', '所有权人', '姓名', '产权人姓名'],
    hint: '共有人用顿号隔开',
  },
  {
    key: 'phone',
    label: '业主电话',
    kind: 'phone',
    synonyms: ['联系电话', '电话', '手机', '手机号', '手机号码', '联系方式', '业主手机'],
    hint: '加密保存；共有的为第一位业主的电话',
  },
];

export const units: RosterKind = {
  code: 'units',
  label: '房屋名册',
  version: 1,
  fields,
  secret: ['phone'],
  keys: [
    column('estateId', 'estate_id', 'int'),
    column('building', 'building', 'text'),
    column('unit', 'unit', 'text'),
  ],
  missing: (mapped) => fields.filter((field) => field.required && !mapped.has(field.key)).map((field) => field.label),

  async open({ tx, sealing }) {
    const findEstate = await openEstates(tx);
    return {
      read(values) {
        const { estate, building, unit, areaCentiM2, kind, owner, phone } = values;
        const problems: RowProblem[] = [];
        const after: Record<string, Json> = {};
        let district = '';
        if (typeof estate === 'string') {
          const result = findEstate(estate, placeOf(values));
          if ('problems' in result) problems.push(...result.problems);
          else {
            after.estateId = result.found.id;
            district = result.found.scope.slice(0, 6);
          }
        }
        if (typeof building === 'string') after.building = building;
        if (typeof unit === 'string') after.unit = unit;
        if (areaCentiM2 !== undefined) after.areaCentiM2 = areaCentiM2 === null ? null : Number(areaCentiM2);
        if (areaCentiM2 === 0n) problems.push({ key: 'areaCentiM2', problem: '建筑面积不能为 0；不知道的写“待补”' });
        if (typeof kind === 'string') after.kind = kind;
        if (kind === null) problems.push({ key: 'kind', problem: '房屋类型不能清空' });
        if (owner !== undefined) after.owner = typeof owner === 'string' ? namesIn(owner).join('、') : null;
        if (phone !== undefined) {
          if (typeof after.owner !== 'string') problems.push({ key: 'phone', problem: '填了电话，没有填业主姓名' });
          after.phoneHash =
            typeof phone === 'string' ? sealing.hashFor(district, 'phone', phone).toString('hex') : null;
          after.phoneTail = typeof phone === 'string' ? phone.slice(-4) : null;
        }
        return {
          label: [estate, building, unit].filter(Boolean).join(' '),
          identity: `${after.estateId ?? String(estate)}/${String(building)}/${String(unit)}`,
          after,
          problems,
        };
      },
    };
  },

  current: (rows) => sql`
    select r.*,
      case when u.id is not null then jsonb_build_object('estateId', u.estate_id, 'building', b.name, 'unit', u.name, ${fieldsOf(unitColumns, 'u')},
        'owner', o.names, 'phoneHash', encode(o.phone_hash, 'hex'), 'phoneTail', o.phone_tail) end as current,
      null::text as problem_key, null::text as problem
    from (${rows}) r
    left join registers.building b on b.estate_id = r.estate_id and b.name = r.building
    left join registers.unit u on u.building_id = b.id and u.name = r.unit
    left join ${ownersInForce} o on true`,

  async write(about) {
    const { tx, rows, batch } = about;
    // The file is read again while the database takes in the units.
    const phones = await about.readField('phone');
    await sql`
      insert into registers.building (estate_id, scope, name, batch_id)
      select e.id, e.scope, d.name, ${batch.id}::int
      from (select r.estate_id, r.building as name, min(r.row_number) as position
        from (${rows}) r where r.verdict = 'new' group by 1, 2) d
      join registers.estate e on e.id = d.estate_id order by d.position on conflict (estate_id, name) do nothing`.execute(
      tx,
    );
    await sql`
      insert into registers.unit (estate_id, building_id, scope, name, area_centi_m2, kind, batch_id)
      select b.estate_id, b.id, b.scope, d.unit, d.area, d.kind, ${batch.id}::int
      from (select r.estate_id, r.building, r.unit,
          (r.after->>'areaCentiM2')::bigint as area, coalesce(r.after->>'kind', 'dwelling') as kind, r.row_number
        from (${rows}) r where r.verdict = 'new') d
      join registers.building b on b.estate_id = d.estate_id and b.name = d.building order by d.row_number`.execute(tx);
    await sql`
      update registers.unit u set ${assignments(unitColumns, 'u', 'r.after')}
      from (${rows}) r join registers.building b on b.estate_id = r.estate_id and b.name = r.building
      where r.verdict = 'changed' and ${mentions(unitColumns, 'r.before')} and u.building_id = b.id and u.name = r.unit`.execute(
      tx,
    );
    await writeOwners(about, phones.values);
  },

  async restore({ tx, rows }) {
    await sql`
      update registers.unit u set ${assignments(unitColumns, 'u', 'r.before')}
      from (${rows}) r join registers.building b on b.estate_id = r.estate_id and b.name = r.building
      where ${mentions(unitColumns, 'r.before')} and u.building_id = b.id and u.name = r.unit`.execute(tx);
  },

  estates: (rows) => rows,
};

/** Owners of a unit `u` today, asked only for a row `r` that speaks of owners: names as they were entered, and the telephone of the first. */
const ownersInForce = sql`lateral (
  select string_agg(p.name, '、' order by w.id) as names, (array_agg(p.phone_hash order by w.id))[1] as phone_hash, (array_agg(p.phone_tail order by w.id))[1] as phone_tail
  from registers.ownership w join registers.person p on p.id = w.person_id
  where r.after ?| array['owner', 'phoneHash'] and w.unit_id = u.id and coalesce(w.to_on, 'infinity') > platform.today())`;

interface OwnerDue {
  rowNumber: number;
  unitId: number;
  estateId: number;
  scope: string;
  name: string;
  phoneHash: string | null;
  knownId: number | null;
}

/** People at once: enough for one round trip each, few enough to keep the worker small. */
const atOnce = 5_000;

/**
 * Owners as the rows name them. A unit whose owners or telephone change gets new ownerships and the old ones end, so that undoing is
 * opening the old again. One name with one telephone is one person of the district; a name alone is a person of its own.
 */
async function writeOwners(
  { tx, rows, batch, today, sealing, progress }: Writing,
  reading: Promise<ReadonlyMap<number, string>>,
): Promise<void> {
  await sql`
    create temporary table owner_due on commit drop as
    select r.row_number, u.id as unit_id, u.scope, u.estate_id, r.after->>'owner' as owner, decode(r.after->>'phoneHash', 'hex') as phone_hash
    from (${rows}) r join registers.building b on b.estate_id = r.estate_id and b.name = r.building
    join registers.unit u on u.building_id = b.id and u.name = r.unit
    where case r.verdict when 'new' then r.after->>'owner' is not null else r.before ?| array['owner', 'phoneHash'] end`.execute(
    tx,
  );
  await sql`analyze owner_due (row_number, unit_id, phone_hash)`.execute(tx);
  await sql`
    with ended as (
      update registers.ownership w set to_on = ${today}::date from owner_due d
      where w.unit_id = d.unit_id and coalesce(w.to_on, 'infinity') > ${today}::date returning w.id
    )
    insert into registers.import_end (batch_id, relation, row_id) select ${batch.id}::int, 'ownership', id from ended`.execute(
    tx,
  );
  const { rows: due } = await sql<OwnerDue>`
    select d.row_number as "rowNumber", d.unit_id as "unitId", d.estate_id as "estateId", d.scope, n.name, case when n.position = 1 then encode(d.phone_hash, 'hex') end as "phoneHash", k.id as "knownId"
    from owner_due d cross join lateral string_to_table(d.owner, '、') with ordinality as n(name, position)
    left join lateral (
      select p.id from registers.person p
      where n.position = 1 and p.phone_hash = d.phone_hash and p.name = n.name and left(p.scope, 6) = left(d.scope, 6) order by p.id limit 1
    ) k on true
    order by d.row_number, n.position`.execute(tx);
  if (due.length === 0) return;
  const phones = await reading;
  /** An id is known once its chunk is written, and before those of the next chunk are asked for. */
  const known = new Map<string, { id: number | null }>();
  let written: Promise<unknown> = Promise.resolve();
  for (let from = 0; from < due.length; from += atOnce) {
    await progress?.(from / due.length);
    const chunk = due.slice(from, from + atOnce);
    const fresh: OwnerDue[] = [];
    const added: { id: number | null }[] = [];
    const owners = chunk.map((one) => {
      const key = one.phoneHash === null ? null : `${one.scope.slice(0, 6)} ${one.name} ${one.phoneHash}`;
      const before = key === null ? undefined : known.get(key);
      if (before) return before;
      const owner = { id: one.knownId };
      if (key !== null) known.set(key, owner);
      if (owner.id === null) {
        fresh.push(one);
        added.push(owner);
      }
      return owner;
    });
    // The people of this chunk are sealed while the database writes down what those of the last one own.
    const ids = await addPeople(
      tx,
      sealing,
      fresh.map((one) => ({
        scope: one.scope,
        name: one.name,
        phone: one.phoneHash === null ? null : phoneOf(one, phones),
        batchId: batch.id,
      })),
    );
    added.forEach((owner, at) => {
      owner.id = ids[at]!;
    });
    await written;
    written = sql`
      insert into registers.ownership (unit_id, person_id, estate_id, scope, batch_id)
      select unit_id, person_id, estate_id, scope, ${batch.id}::int
      from unnest(${chunk.map((one) => one.unitId)}::int[], ${owners.map((owner) => owner.id)}::int[],
        ${chunk.map((one) => one.estateId)}::int[], ${chunk.map((one) => one.scope)}::text[]) as d(unit_id, person_id, estate_id, scope)`.execute(
      tx,
    );
    written.catch(() => undefined);
  }
  await written;
}

function phoneOf(one: OwnerDue, phones: ReadonlyMap<number, string>): string {
  const phone = phones.get(one.rowNumber);
  if (phone === undefined)
    throw new Error(`the sealed file holds no telephone in row ${one.rowNumber}, though the check read one`);
  return phone;
}
