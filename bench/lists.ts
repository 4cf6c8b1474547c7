// The first page of every list of the rooms for those who see 1, about 20 and about 300 estates: under row-level security, against the same
// SQL as superuser with the predicate written by hand where a policy would act. Both answers must be equal before they are timed.

import { divisionRange } from '../src/kernel/identifiers.ts';
import { findDirectives } from '../src/oversight/directives/queries.ts';
import { findDuties } from '../src/oversight/duties/queries.ts';
import { findIndicatorSubjects, readIndicators } from '../src/oversight/indicators/queries.ts';
import type { Actor, Transaction } from '../src/platform/database.ts';
import { findFilings } from '../src/procedures/filings/queries.ts';
import { listCommittees, listEstates, listOwners, listProjects, listUnits } from '../src/registers/estates/queries.ts';
import { listCompanies } from '../src/registers/organisations/queries.ts';
import type { listNames } from '../tests/sight.ts';
import { type Result, sideBySide } from './measure.ts';
import { handOf, type Stage } from './stage.ts';

interface Asker {
  name: string;
  actor: Actor;
  /** One of the estates in sight, for the lists of one estate. */
  estate: number;
}

type List = (tx: Transaction, asker: Asker) => Promise<{ rows: unknown[]; total: number }>;

export async function benchLists(stage: Stage): Promise<Result[]> {
  const { system, today } = stage;
  const page = { offset: 0, limit: 50 };
  // biome-ignore lint/suspicious/noExplicitAny: the inputs are the contracts' after their defaults
  const input = (given: object) => ({ ...page, order: 'asc', ...given }) as any;
  const indicators = await system.database.transaction(stage.officer.actor, (tx) =>
    readIndicators(tx, undefined, today),
  );
  const indicator = indicators.toSorted((a, b) => Number(b.denominator) - Number(a.denominator))[0]!.id;
  const lists: Record<(typeof listNames)[number], List> = {
    小区: (tx) => listEstates(tx, input({ sort: 'area' }), today),
    业委会: (tx) => listCommittees(tx, input({ sort: 'area' }), today),
    物业项目: (tx) => listProjects(tx, input({ sort: 'area' }), today),
    企业: (tx) => listCompanies(tx, input({ sort: 'name' }), today),
    房屋: (tx, { estate }) => listUnits(tx, input({ id: estate }), today),
    业主: (tx, { estate }) => listOwners(tx, input({ estate }), today),
    义务: (tx) => findDuties(tx, {}, page),
    报备: (tx) => findFilings(tx, {}, page),
    督办: (tx) => findDirectives(tx, { side: 'all' }, page),
    指标对象: (tx) => findIndicatorSubjects(tx, indicator, { part: 'all' }, today, page),
  };
  const results: Result[] = [];
  for (const asker of await askersOf(stage)) {
    const hand = await byHand(stage, asker.actor);
    for (const [name, list] of Object.entries(lists)) {
      const measured = () => system.database.transaction(asker.actor, (tx) => list(tx, asker));
      const against = () => asSuperuser(stage, asker.actor, hand, (tx) => list(tx, asker));
      const [seen, all] = [await measured(), await against()];
      if (JSON.stringify(seen) !== JSON.stringify(all))
        throw new Error(`${name}，${asker.name}：两种问法的答案不同（${seen.total} 与 ${all.total} 行），比值没有意义`);
      if (seen.total === 0) continue; // not theirs to see
      results.push(
        await sideBySide(`${name} · ${asker.name}`, {
          measured,
          against,
          pairs: 15,
          bar: 1.3,
          orMore: 1,
          note: `${seen.total} 行`,
        }),
      );
    }
  }
  await stage.admin.query('drop schema hand cascade');
  return results;
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
      actor: { standing: 'office', ...divisionRange(street.key), today },
    },
    { name: `全区 ${whole.rows.length} 个小区`, estate: whole.rows[0]!.id, actor: officer.actor },
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
  'duty_standing',
];

/**
 * Every place where a policy would narrow a table is narrowed by a condition of the same meaning with the values in it: in the statements
 * themselves, and in copies of the functions and views they ask.
 */
async function byHand({ admin }: Stage, actor: Actor): Promise<(text: string) => string> {
  const conditions = conditionsOf(actor);
  const written = (text: string) =>
    text.replace(/\b(registers|oversight|filings)\.(\w+)/g, (place, _, name: string, at: number) => {
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

/** What the policies say (migrations 0002, 0004, 0005), for one who asks. */
function conditionsOf({ standing, lo, hi, estates, organisationId, personId }: Actor): Record<string, string> {
  const own = `estate_id = any ('{${estates?.join(',')}}')`;
  const inRange = `scope >= '${lo}' and scope < '${hi}'`;
  const of = (office: string, body: string, resident = body) => ({ office, body, resident })[standing as 'office'];
  const mine = `organisation_id = ${organisationId}`;
  const served = of(inRange, `company_id = ${organisationId}`, 'false');
  return {
    'registers.estate': of(inRange, `id = any ('{${estates?.join(',')}}')`),
    'registers.building': of(inRange, own),
    'registers.service_project': of(inRange, own),
    'registers.committee': of(inRange, own),
    'registers.unit': of(inRange, own, `id in (select unit_id from registers.ownership where person_id = ${personId})`),
    'registers.ownership': of(inRange, own, `person_id = ${personId}`),
    'registers.person': of(
      `(${inRange} or exists (select from registers.ownership o where o.person_id = person.id and o.${inRange.replace('and ', 'and o.')}))`,
      personId === undefined ? 'false' : `id = ${personId}`,
    ),
    'registers.company': of(inRange, mine, 'false'),
    'registers.party_arrangement': served,
    'registers.instructor': served,
    'oversight.duty': of(inRange, `(${own} or (estate_id is null and bearer_id = ${organisationId}))`, own),
    'oversight.waiver': of(inRange, `(${own} or (estate_id is null and subject_id = '${organisationId}'))`, own),
    'filings.filing': of(
      inRange,
      `(${mine} or ${own} or (subject_kind in ('companies', 'committees', 'managementCommittees') and subject_id = '${organisationId}'))`,
      own,
    ),
    'filings.evidence': of(inRange, 'true'),
    'filings.withdrawal': of(inRange, 'true'),
  };
}

/** As superuser, in as many round trips as a transaction of the application takes. */
async function asSuperuser<T>(
  { admin }: Stage,
  { today }: Actor,
  written: (text: string) => string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  await admin.query(`begin; set local app.today = '${today}'`);
  try {
    return await work(handOf(admin, written));
  } finally {
    await admin.query('commit');
  }
}
