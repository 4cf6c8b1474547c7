// One estate, four packs: what must be done there, by whom and with what force, under Jiangsu, Licheng, Yunnan (a draft) and Henan.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeProblems, loadPolicy } from '../../src/app/policy.ts';
import { localDate } from '../../src/kernel/local-date.ts';
import { readIndicators } from '../../src/oversight/indicators/queries.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { type Database, openDatabase, sql } from '../../src/platform/database.ts';
import { keysFrom } from '../../src/platform/keys.ts';
import { createSealing } from '../../src/platform/sealing.ts';
import { requirementsInForce } from '../../src/registers/requirements/index.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { engine, today } from '../district.ts';
import { addFourDistricts, type FourPack, fourPacks as packs, type Quarter } from '../four-districts.ts';

interface Owed {
  matter: string;
  bearer: string;
  effect: string;
  standings: string[];
}

let place: TestDatabase;
let database: Database;
let quarters: Record<FourPack, Quarter>;
/** What is owed about the estate, and by its community, its sub-district and its company. */
const owed = new Map<string, Owed[]>();
beforeAll(async () => {
  place = await testDatabase();
  database = await openDatabase({ url: place.loginUrl });
  const loaded = await loadPolicy({ database, clock: fixedClock(today) }, undefined);
  if ('problems' in loaded) throw new Error(describeProblems(loaded.problems));
  quarters = await database.transaction(engine, (tx) =>
    addFourDistricts(tx, createSealing(keysFrom(Buffer.alloc(32, 7)))),
  );
  for (const pack of packs) {
    const { estate, community, subdistrict, company } = quarters[pack];
    const { rows } = await database.transaction(engine, (tx) =>
      sql<Owed>`
        select matter, min(bearer_kind) as bearer, min(effect) as effect, array_agg(distinct standing order by standing) as standings
        from oversight.duty_standing where due_on >= '2026-01-01' and (estate_id = ${estate}
          or subject_kind in ('communities', 'subdistricts') and subject_id in (${community}, ${subdistrict})
          or subject_kind = 'companies' and subject_id = ${String(company)})
        group by matter order by matter`.execute(tx),
    );
    owed.set(pack, rows);
  }
}, 180_000);
afterAll(async () => {
  await database?.close();
  await place?.drop();
});

/** matter: bearer, effect */
const expected: Record<(typeof packs)[number], string> = {
  jiangsu: `
    committees.candidateVetting: subdistrict-party-committee, opens-duty
    committees.filing: owners-committee, refuses
    disclosure.companyReport: property-company, refuses
    joint.meeting: community-party-organisation, asks-reason
    joint.problemMeeting: community-party-organisation, opens-duty
    organisation.partyLife: company-party-organisation, opens-duty`,
  licheng: `
    committees.candidateMobilisation: community-party-organisation, opens-duty
    committees.candidateVetting: subdistrict-party-committee, opens-duty
    committees.evaluation: community-party-organisation, opens-duty
    committees.filing: owners-committee, refuses
    disclosure.board: property-company, warns
    disclosure.committeeEvaluation: community-party-organisation, opens-duty
    disclosure.commonIncome: owners-committee, warns
    disclosure.commonIncome.company: property-company, warns
    disclosure.companyReport: property-company, refuses
    disclosure.workingFund: owners-committee, warns
    joint.meeting: subdistrict-party-committee, opens-duty
    joint.reportIn.project: property-company, warns
    money.accountsReview: community-party-organisation, opens-duty
    money.commonIncomeSupervision: subdistrict-office, opens-duty
    money.supervisedAccounts: owners-committee, warns
    reports.annual: subdistrict-office, opens-duty
    reports.dispatch: subdistrict-office, opens-duty
    reports.quarterly: subdistrict-office, opens-duty
    reports.secretaryAppraisal: subdistrict-party-committee, opens-duty
    requests.receptionDay: estate-party-branch, opens-duty
    safety.equipmentUpkeep: property-company, warns
    safety.firePatrol: property-company, warns
    safety.fireRules: property-company, warns
    safety.floodSeason: property-company, warns
    safety.supervision: subdistrict-office, opens-duty
    supervision.contractOpinion: community-party-organisation, opens-duty`,
  yunnan: `
    committees.filing: owners-committee, refuses
    committees.filingHandled: subdistrict-office, trial
    committees.vetting: subdistrict-party-committee, trial
    disclosure.board: property-company, trial
    disclosure.companyReport: property-company, refuses
    disclosure.serviceInformation: property-company, trial
    joint.coordination: community-party-organisation, trial
    joint.meeting: subdistrict-party-committee, trial
    supervision.companyOpinions: subdistrict-party-committee, trial`,
  henan: `
    committees.filing: owners-committee, refuses
    disclosure.companyReport: property-company, refuses
    organisation.badges: company-party-organisation, opens-duty
    organisation.partyLife: company-party-organisation, opens-duty
    reports.partyFiling: property-company, warns
    training.dualCultivation: company-party-organisation, opens-duty`,
};

describe('同一个小区，四个政策包', () => {
  it.each(packs)('%s：该办的事、谁来办、什么效力', (pack) => {
    const found = owed.get(pack)!.map(({ matter, bearer, effect }) => `${matter}: ${bearer}, ${effect}`);
    expect(found).toEqual(expected[pack].trim().split(/\n\s*/));
  });

  it('征求意见稿只试算，从不超期；国家的义务照常', () => {
    const overdue = (pack: string) =>
      owed.get(pack)!.flatMap((one) => (one.standings.includes('overdue') ? [one.matter] : []));
    expect(overdue('yunnan')).toEqual(['committees.filing']);
    expect(overdue('licheng')).toContain('reports.quarterly');
  });

  /** What a requirement says that speaks in the district of a pack. */
  async function spoken(pack: FourPack, key: string): Promise<{ packId: string; definition: Record<string, unknown> }> {
    const rows = await database.transaction(engine, (tx) => requirementsInForce(tx, quarters[pack].district, today));
    return rows.findLast((row) => row.key === key) as never;
  }

  it('备案：江苏、鲤城、云南报区县和街道，河南只报街道', async () => {
    const owedTo = async (pack: FourPack) => (await spoken(pack, 'committees.filing')).definition.owedTo;
    for (const pack of ['jiangsu', 'licheng', 'yunnan'] as const)
      expect(await owedTo(pack)).toEqual(['housing-bureau', 'subdistrict-office']);
    expect(await owedTo('henan')).toEqual(['subdistrict-office']);
  });

  it('联席会议：江苏社区每月，鲤城街道每季，云南街道每季试算，河南没有', async () => {
    const rhythm = async (pack: FourPack) =>
      ((await spoken(pack, 'joint.meeting'))?.definition.due as { every?: string })?.every;
    expect(await Promise.all(packs.map(rhythm))).toEqual(['month', 'quarter', 'quarter', undefined]);
  });

  it('七名委员中三名党员：江苏未达半数，鲤城达到，云南只看走势，河南没有这一项', async () => {
    const verdicts = await Promise.all(
      packs.map(async (pack) => {
        const figures = await database.transaction(engine, (tx) =>
          readIndicators(tx, quarters[pack].community, localDate(today)),
        );
        const shares = figures.filter(
          (one) => one.over === 'committees' && /partyShare|newlyFormed|withPartyMembers/.test(one.key),
        );
        return shares.map(({ key, numerator, denominator, verdict }) => [key, numerator, denominator, verdict]);
      }),
    );
    expect(verdicts).toEqual([
      [['committees.partyShare', '0', '1', 'short']],
      [['committees.partyMembers.newlyFormed', '1', '1', 'reached']],
      [['committees.withPartyMembers', '1', '1', 'watch']],
      [],
    ]);
  });
});
