// The first page of every list for those who see 1, about 20 and about 300 estates: under row-level security, against the same
// SQL as superuser with the predicate written by hand where a policy would act. Both answers must be equal before they are timed.

import { routes } from '../src/app/routes.ts';
import { divisionRange } from '../src/kernel/identifiers.ts';
import { readIndicators } from '../src/oversight/indicators/queries.ts';
import type { Actor, Transaction } from '../src/platform/database.ts';
import type { Asked, Route } from '../src/platform/http.ts';
import { entryKinds } from '../src/registers/entries/index.ts';
import { type Result, sideBySide } from './measure.ts';
import { backendsOf, handOf, type Stage } from './stage.ts';

interface Asker {
  name: string;
  actor: Actor;
  /** One of the estates in sight, for the lists of one estate. */
  estate: number;
  /** The place an office's console asks every list for: its own. */
  area?: string;
}

/** An answer of a list, whatever its rows are. */
interface Page {
  /** Absent from a refusal. */
  rows?: unknown[];
  total: number;
}

/** Every list there is: a route that answers one page and the total of all. A new one is measured without being named here. */
const lists = routes.filter(({ contract: { method, output } }) => {
  const shape = typeof output === 'object' && 'shape' in output ? (output.shape as object) : {};
  return method === 'GET' && ['rows', 'total', 'offset'].every((field) => field in shape);
});

export async function benchLists(stage: Stage): Promise<Result[]> {
  const { system } = stage;
  await fillOffices(stage);
  const results: Result[] = [];
  const measured = new Set<string>();
  for (const asker of await askersOf(stage)) {
    const hand = await byHand(stage, asker.actor);
    for (const route of lists.filter(({ contract: { may } }) =>
      may.some((one) => one === asker.actor.standing || one === 'signed-in'),
    )) {
      const input = await inputOf(route, asker, stage);
      const ask = (act: Asked<never>['act']) => answerOf(route, input, asker, stage, act);
      const seen = () => ask((work) => system.database.transaction(asker.actor, work));
      const all = () => ask((work) => asSuperuser(stage, asker.actor, hand, work));
      const { label, path } = route.contract;
      const name = `${label} ${path} · ${asker.name}`;
      const [one, other] = [await seen(), await all()];
      if (JSON.stringify(one) !== JSON.stringify(other))
        throw new Error(`${name}：两种问法的答案不同（${one.total} 与 ${other.total} 行），比值没有意义`);
      if (!one.rows?.length) continue; // not theirs to see
      measured.add(path);
      results.push(
        await sideBySide(name, {
          measured: seen,
          against: all,
          backends: await backendsOf(stage),
          pairs: 15,
          bar: 1.3,
          orMore: 1,
          note: `${one.total} 行`,
        }),
      );
    }
  }
  await stage.admin.query('drop schema hand cascade');
  const missing = lists.filter(({ contract }) => !measured.has(contract.path));
  if (missing.length > 0)
    throw new Error(`这些清单无人看得见一行，没有量到：${missing.map((one) => one.contract.path).join('、')}`);
  return results;
}

/** As the server calls the route, but for the transaction: that is given. */
async function answerOf(
  route: Route,
  input: unknown,
  { actor }: Asker,
  { system, today, officer }: Stage,
  act: Asked<never>['act'],
): Promise<Page> {
  const person = { ...officer, personId: actor.personId ?? 0, bars: [], actor };
  return (await route.answer({ input, person, system, today, now: system.clock.now(), act } as never)) as Page;
}

/** The first page as the web asks for it; where a list is of one thing, of one in sight. */
async function inputOf(
  { contract }: Route,
  { estate, area, actor }: Asker,
  { admin, district, officer, system, today }: Stage,
) {
  const named: Record<string, () => Promise<object> | object> = {
    '/api/estates/:id/units': () => ({ id: estate }),
    '/api/owners': () => ({ estate }),
    '/api/directives': () => ({ side: 'all' }),
    '/api/surveys/:id/sheets': async () =>
      (
        await admin.query<{ id: number }>(
          'select min(id) as id from registers.survey where scope >= $1 and scope < $2',
          [actor.lo, actor.hi],
        )
      ).rows[0]!,
    '/api/areas/:code/requirements': () => ({ code: district }),
    '/api/imports/:id/rows': async () =>
      (
        await admin.query<{ id: number }>(
          'select max(id) as id from registers.import_batch where scope >= $1 and scope < $2',
          [actor.lo, actor.hi],
        )
      ).rows[0]!,
    '/api/indicators/:id/subjects': async () => {
      const all = await system.database.transaction(officer.actor, (tx) => readIndicators(tx, undefined, today));
      return { id: all.toSorted((a, b) => Number(b.denominator) - Number(a.denominator))[0]!.id, part: 'all' };
    },
  };
  const ofPlace = area && 'area' in (contract.input as unknown as { shape: object }).shape ? { area } : {};
  return contract.input.parse({ ...ofPlace, ...(await named[contract.path]?.()) });
}

/** Of what offices do, the demo has little or nothing: enough for a page and more, in every sub-district and in the bureau. */
async function fillOffices({ admin, today, officer }: Stage): Promise<void> {
  const organisation = officer.post.organisationId;
  const posts = `(select o.*, row_number() over (order by o.id) as at from registers.post o where o.role in ('head', 'officer', 'secretary')) o`;
  await admin.query(`begin; set local app.today = '${today}'; set local app.organisation = '${organisation}';
    insert into registers.deputy (post_id, organisation_id, person_id, from_on, to_on, document)
      select o.id, o.organisation_id, x.person_id, '2026-01-01', '2027-01-01', '批复' from ${posts}
      join lateral (select person_id from registers.post p where p.organisation_id = o.organisation_id and p.person_id <> o.person_id limit 1) x on true;
    insert into registers.leave (post_id, organisation_id, from_on, to_on, document)
      select o.id, o.organisation_id, '2025-01-01', '2025-01-08', '假条' from ${posts};
    insert into registers.suspension (organisation_id, person_id, from_on, lifted_on, reason, lifted_reason, document, imposed_by)
      select o.organisation_id, o.person_id, '2025-02-01', '2025-02-08', '核查', '查清', '决定', (select max(id) from registers.person) from ${posts};
    insert into registers.bar (organisation_id, person_id, company_id, subject_label, from_on, lifted_on, reason, lifted_reason, imposed_by)
      select o.organisation_id, o.person_id, (select max(organisation_id) from registers.company), '企业', '2025-02-01', '2025-02-08', '亲属任职', '已离职',
        (select max(id) from registers.person) from ${posts};
    insert into registers.objection (bar_id, organisation_id, person_id, reason, objected_on) select id, organisation_id, person_id, '不属实', '2025-02-02' from registers.bar;
    update registers.person p set subject = gen_random_uuid() where p.subject is null
      and (p.id in (select person_id from registers.post) or p.id in (select person_id from registers.ownership where id <= 2000));
    insert into registers.erasure (person_id, scope, reason, asked_by, organisation_id, asked_on)
      select p.id, p.scope, '本人要求', x.person_id, x.organisation_id, '2026-11-01' from (select * from registers.person where scope is not null order by id limit 2000) p,
      (select person_id, organisation_id from registers.post where role = 'officer' order by id limit 1) x;
    insert into registers.import_batch (kind, scope, organisation_id, post_id, person_id, origin, file_digest, file_name, kept_until, state)
      select 'estates', g.scope, o.organisation_id, o.id, o.person_id, 'paste', 'none', '台账', '2027-01-01', 'undone' from ${posts}
      join registers.organisation g on g.id = o.organisation_id;
    insert into registers.import_row (batch_id, row_number, label, verdict, after)
      select b.id, n, '小区', 'new', '{}' from registers.import_batch b, generate_series(1, 50) n;
    insert into platform.sealed_read (subject, field, person_id, organisation_id, kind, purpose)
      select p.subject, 'phone', x.person_id, x.organisation_id, 'browsing', '核对业主' from
      (select subject from registers.person where subject is not null) p,
      (select person_id, organisation_id from registers.post where role = 'officer' order by id limit 1) x;
    insert into oversight.directive (clause_id, title, demand, scope, origin_id, from_id, to_id, issued_on, due_on, person_id, post_id)
      select (select min(id) from registers.clause), '核对台账', '报送一次台账', g.scope, x.organisation_id, x.organisation_id, g.id, '2026-10-01', '2026-12-01', x.person_id, x.id
      from registers.organisation g, generate_series(1, 3), (select * from registers.post where organisation_id = ${organisation} order by id limit 1) x
      where g.kind in ('subdistrict-office', 'residents-committee') and g.id <> ${organisation};
    insert into registers.chat_group (estate_id, scope, name, kind, organisation_id, added_on)
      select e.id, e.scope, '演示群 ' || n, 'owners', ${organisation}, '${today}' from registers.estate e, generate_series(1, 3) n;
    insert into registers.correction (estate_id, scope, about, subject_id, subject_label, field, should_be, reason, keeper_id, person_id, post_id, asked_on)
      select e.id, e.scope, 'estate', e.id, e.name, 'households', '1', '数过', ${organisation}, ${officer.personId}, ${officer.post.id}, '${today}'
      from registers.estate e;
    insert into registers.survey (title, basis, area_code, scope, lo, hi, fields, opened_on, due_on, organisation_id, person_id, post_id)
      select '户数 ' || n, '演示', a.code, a.code, left(a.code, 9), left(a.code, 9) || ':', '{households}', '${today}', '${today}', ${organisation}, x.person_id, x.id
      from registers.area a, generate_series(1, 3) n, (select * from registers.post where organisation_id = ${organisation} order by id limit 1) x
      where a.level = 'subdistrict';
    insert into documents.document (kind, code, title, addressee, content, scope, organisation_id, to_id, is_public, draft_digest, drafted_on, person_id, post_id)
      select 'notice', 'BENCH' || g.id || '-' || n, '演示通知', g.name, '{"passages": []}', g.scope, x.organisation_id, g.id, n = 1,
        (select min(digest) from platform.file), '${today}', x.person_id, x.id
      from registers.organisation g, generate_series(1, 3) n, (select * from registers.post where organisation_id = ${organisation} order by id limit 1) x
      where g.id <> ${organisation};
    insert into documents.sealed_copy (document_id, place, document_number, issued_on, file_digest, name, added_on, person_id, post_id)
      select id, 1, '演示', '${today}', draft_digest, '演示', '${today}', person_id, post_id from documents.document where code like 'BENCH%' and id % 4 > 0;
    select platform.record('organisation:' || min(id), 'bench.filled', 'organisation:' || min(id), '{}') from registers.organisation;
    commit; analyze`);
}

/** Those whose sight comes nearest to 1, 20 and 300 estates. */
async function askersOf({ admin, district, today, officer }: Stage): Promise<Asker[]> {
  const nearest = async (text: string, wanted: number) => {
    const { rows } = await admin.query<{ key: string; estates: number[] }>(
      `select key::text, estates from (${text}) sight where estates[1] is not null and left(key::text, 6) = left(key::text, 6)
       order by abs(cardinality(estates) - ${wanted}), key limit 1`,
    );
    return rows[0]!;
  };
  const inForce = `coalesce(p.started_on, '-infinity') <= '${today}' and coalesce(p.ended_on, 'infinity') > '${today}'`;
  const street = await nearest(
    `select left(scope, 9) || '000' as key, array_agg(id order by id) as estates from registers.estate where left(scope, 6) = left('${district}', 6) group by 1`,
    20,
  );
  const company = await nearest(
    `select p.company_id as key, registers.estates_of(null, p.company_id, '${today}') as estates from registers.service_project p
     where p.company_id is not null and ${inForce} group by p.company_id`,
    20,
  );
  const committee = await nearest(
    `select c.organisation_id as key, registers.estates_of(null, c.organisation_id, '${today}') as estates from registers.committee c where c.term_from <= '${today}'`,
    1,
  );
  const owner = await nearest(
    `select o.person_id as key, registers.estates_of(o.person_id, null, '${today}') as estates from registers.ownership o where o.to_on is null and o.id <= 2000`,
    1,
  );
  const whole = await admin.query<{ id: number }>(
    `select id from registers.estate where left(scope, 6) = left($1, 6) order by id`,
    [district],
  );
  const body = (one: { key: string; estates: number[] }): Actor => ({
    standing: 'body',
    organisationId: Number(one.key),
    estates: one.estates,
    today,
  });
  const administrators = await admin.query<{
    standing: 'system' | 'security' | 'audit';
    personId: number;
    postId: number;
    organisationId: number;
  }>(
    `select case role when 'administrator' then 'system' else split_part(role, '-', 1) end as standing, id as "postId", person_id as "personId",
       organisation_id as "organisationId" from registers.post where role like '%administrator' order by id`,
  );
  return [
    {
      name: `业主 ${owner.estates.length} 个小区`,
      estate: owner.estates[0]!,
      actor: { standing: 'resident', personId: Number(owner.key), estates: owner.estates, today },
    },
    { name: `业委会 ${committee.estates.length} 个小区`, estate: committee.estates[0]!, actor: body(committee) },
    { name: `企业 ${company.estates.length} 个小区`, estate: company.estates[0]!, actor: body(company) },
    {
      name: `街道 ${street.estates.length} 个小区`,
      estate: street.estates[0]!,
      area: street.key,
      actor: { standing: 'office', ...divisionRange(street.key), today },
    },
    { name: `全区 ${whole.rows.length} 个小区`, estate: whole.rows[0]!.id, area: district, actor: officer.actor },
    ...administrators.rows.map((one) => ({
      name: { system: '系统管理员', security: '安全管理员', audit: '审计管理员' }[one.standing],
      estate: whole.rows[0]!.id,
      actor: { ...divisionRange(district), ...one, today },
    })),
  ];
}

// ── The predicate by hand

/** Functions and views that a list is asked through, in the order in which they stand on each other. */
const FACTS = [
  'fact_areas',
  'fact_estates',
  'fact_companies',
  'fact_projects',
  'fact_committees',
  'fact_filed',
  'fact_waived',
  'fact_paused',
  'fact_waiting',
  'duty_standing',
  'directive_standing',
];

/**
 * Every place where a policy would narrow a table is narrowed by a condition of the same meaning with the values in it: in the statements
 * themselves, and in copies of the functions and views they ask.
 */
async function byHand({ admin }: Stage, actor: Actor): Promise<(text: string) => string> {
  const conditions = conditionsOf(actor);
  const written = (text: string) =>
    text.replace(/\b(registers|oversight|filings|documents|platform)\.(\w+)/g, (place, _, name: string, at: number) => {
      if (FACTS.includes(name)) return `hand.${name}`;
      const condition = conditions[place];
      if (condition === undefined) return place;
      const isNamed = /^\s+(?!(where|on|join|left|order|group|limit|union)\b)\w/i.test(text.slice(at + place.length));
      return `(select * from ${place} where ${condition})${isNamed ? '' : ` ${name}`}`;
    });
  await admin.query('drop schema if exists hand cascade; create schema hand');
  const { rows } = await admin.query<{ name: string; definition: string }>(
    `select proname as name, pg_get_functiondef(oid) as definition from pg_proc where proname = any ($1)
     union all select relname, 'create view ' || oid::regclass || ' as ' || pg_get_viewdef(oid) from pg_class where relname = any ($1) and relkind = 'v'`,
    [FACTS],
  );
  for (const { definition } of rows.toSorted((a, b) => FACTS.indexOf(a.name) - FACTS.indexOf(b.name)))
    await admin.query(written(definition));
  return written;
}

/** What the policies say (migrations 0002, 0004, 0005, 0015, 0016, 0022, 0024, 0028, 0033, 0034), for one who asks; `undefined`: nothing is narrowed. */
function conditionsOf(actor: Actor): Record<string, string | undefined> {
  const { standing, lo, hi, estates, organisationId, personId } = actor;
  const own = `estate_id = any ('{${estates?.join(',')}}')`;
  const inRange = `scope >= '${lo}' and scope < '${hi}'`;
  const ofRange = `organisation_id in (select o.id from registers.organisation o where o.scope >= '${lo}' and o.scope < '${hi}')`;
  const me = personId === undefined ? 'false' : `person_id = ${personId}`;
  const of = (office: string, body: string, resident = body, staff = 'false') =>
    ({ office, body, resident })[standing as string] ?? staff;
  const mine = `organisation_id = ${organisationId ?? null}`;
  const aboutMe = of(inRange, `(${own} or (estate_id is null and subject_id = '${organisationId}'))`, own);
  const served = of(inRange, `company_id = ${organisationId}`, 'false');
  const posts = of(`(${ofRange} or ${me})`, me, me, `(role <> 'owner' and ${ofRange} or ${me})`);
  const received = `(${inRange} or to_id = ${organisationId ?? null} or is_public)`;
  const sealed = `(${received} or ${mine})`;
  const document = `(${standing === 'office' ? mine : 'false'} or ${received} and id in (select c.document_id from documents.sealed_copy c))`;
  const watched = of(me, me, me, `(${ofRange} or ${me})`);
  return {
    'registers.estate': of(inRange, `id = any ('{${estates?.join(',')}}')`, undefined, inRange),
    'registers.building': of(inRange, own),
    'registers.service_project': of(inRange, own),
    'registers.committee': of(inRange, own),
    'registers.unit': of(inRange, own, `id in (select unit_id from registers.ownership where person_id = ${personId})`),
    'registers.ownership': of(inRange, own, `person_id = ${personId}`),
    'registers.person': of(
      `(${inRange} or exists (select from registers.ownership o where o.person_id = person.id and o.${inRange.replace('and ', 'and o.')}))`,
      me.replace('person_id', 'id'),
      undefined,
      `(id = ${personId} or id in (select person_id from registers.post where role <> 'owner' and ${ofRange}))`,
    ),
    'registers.post': posts,
    'registers.deputy': of(`(${mine} or ${me})`, me, me, `(${ofRange} or ${me})`),
    'registers.leave': of(mine, 'false', 'false', ofRange),
    'registers.suspension': watched,
    'registers.bar': watched,
    'registers.objection': watched,
    'registers.erasure': of(inRange, 'false', 'false', inRange),
    ...Object.fromEntries(
      entryKinds.flatMap(({ table, place, estates: covered, open }) => {
        if (place === 'bodies') return [];
        if (covered) {
          const members = `registers.${covered.table}`;
          const met = `id in (select m.entry_id from ${members} m where m.${own})`;
          return [
            [`registers.${table}`, of(inRange, met, met)],
            [members, of(inRange, own)],
          ];
        }
        return [[`registers.${table}`, open ? of(inRange, own) : of(inRange, 'false')]];
      }),
    ),
    'registers.company': of(inRange, mine, 'false'),
    'registers.party_arrangement': served,
    'registers.instructor': served,
    'registers.import_batch': of(inRange, 'false'),
    'registers.import_row': of(
      `batch_id in (select b.id from registers.import_batch b where b.${inRange.replace('and ', 'and b.')})`,
      'false',
    ),
    'oversight.duty': of(inRange, `(${own} or (estate_id is null and bearer_id = ${organisationId}))`, own),
    'oversight.waiver': aboutMe,
    'oversight.waiver_decision': of(inRange, 'true'),
    'oversight.pause': aboutMe,
    'oversight.resumption': of(inRange, 'true'),
    'oversight.wait': of(inRange, `(${own} or ${organisationId} in (bearer_id, awaited_id))`, own),
    'oversight.wait_end': of(inRange, 'true'),
    'oversight.directive': of(
      `(${inRange} or ${organisationId ?? null} in (from_id, to_id))`,
      `to_id = ${organisationId ?? null}`,
    ),
    'oversight.directive_step': of('true', 'true'),
    'registers.survey': of(`(${inRange} or lo <= '${lo}' and hi >= '${hi}')`, 'false'),
    'registers.survey_sheet': of(inRange, 'false'),
    'registers.survey_subject': of(inRange, 'false'),
    'registers.correction': of(`(${me} or ${inRange} and keeper_id = ${organisationId ?? null})`, me),
    'registers.chat_group': of(inRange, `(${mine} or ${own})`, 'false'),
    'documents.document': of(document, document, 'false'),
    'documents.sealed_copy': of(sealed, sealed, 'false'),
    'documents.withdrawal': `document_id in (select d.id from documents.document d where ${document})`,
    'filings.filing': of(
      inRange,
      `(${mine} or ${own} or (subject_kind in ('companies', 'committees', 'managementCommittees') and subject_id = '${organisationId}'))`,
      own,
    ),
    'filings.evidence': of(inRange, 'true'),
    'filings.withdrawal': of(inRange, 'true'),
    'platform.sealed_read': of(
      readOfMe(personId),
      readOfMe(personId),
      readOfMe(personId),
      `(${ofRange} or ${readOfMe(personId)})`,
    ),
    'platform.journal': of('false', 'false', 'false', eventsOf(actor)),
  };
}

function readOfMe(personId: number | undefined): string {
  return `subject in (select m.subject from registers.person m where m.id = ${personId ?? null})`;
}

function eventsOf({ standing, lo, hi }: Actor): string {
  const within = (prefix: string, table: string) =>
    `select '${prefix}:' || x.id from registers.${table} x where x.scope >= '${lo}' and x.scope < '${hi}'`;
  const chains = [within('organisation', 'organisation'), within('reads:organisation', 'organisation')];
  if (standing === 'audit') return `chain in (${[...chains, within('estate', 'estate')].join(' union all ')})`;
  const acts = ['people', 'offices', 'accounts', 'sealed', 'deployment', 'security'].map(
    (room) => `act like '${room}.%'`,
  );
  return `((${acts.join(' or ')}) and chain in (${chains.join(' union all ')}))`;
}

/** As superuser, in as many round trips as a transaction of the application takes. */
async function asSuperuser<T>(
  { admin }: Stage,
  { lo = '', hi = '', today, personId, postId }: Actor,
  written: (text: string) => string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  // Whether the office still holds is asked once of every transaction, whoever writes the predicate: it is no part of the comparison.
  await admin.query(
    `begin; set local app.lo = '${lo}'; set local app.hi = '${hi}'; set local app.today = '${today}';
     set local app.person = '${personId ?? ''}'; set local app.post = '${postId ?? ''}'; select platform.enter()`,
  );
  try {
    return await work(handOf(admin, written));
  } finally {
    await admin.query('commit');
  }
}
