/** What readers of several rosters look places, estates and companies up in: loaded once for a check, within the sender's sight. */
import { sql, type Transaction } from '../../../platform/database.ts';
import type { Field } from '../../../platform/spreadsheets/index.ts';
import type { Opening, Sender } from '../kind.ts';
import type { Values } from '../rosters.ts';
import {
  type AreaFinder,
  areaFinder,
  companyFinder,
  estateFinder,
  type KnownArea,
  type KnownCompany,
  type KnownEstate,
  type Place,
} from '../rules.ts';

export const streetField: Field = {
  key: 'street',
  label: '街道',
  kind: 'text',
  maxLength: 40,
  synonyms: ['街道（乡镇）', '街道乡镇', '乡镇街道', '所属街道', '街道办', '街道办事处', '乡镇', '镇街', '镇（街道）'],
  hint: '街道（乡镇）名称',
};
export const communityField: Field = {
  key: 'community',
  label: '社区',
  kind: 'text',
  maxLength: 40,
  synonyms: ['所属社区', '社区名称', '社区（村）', '社区居委会', '居委会', '所在社区', '村居', '村（社区）'],
  hint: '社区（村）名称',
};

/** The sender's own streets and communities, and for clearer refusals those of the rest of the district. */
export async function openAreas({ tx, sender, options }: Opening): Promise<AreaFinder> {
  const district = sender.areaCode.slice(0, 6);
  const { rows } = await sql<KnownArea>`
    with recursive above (code, parent_code) as (
      select code, parent_code from registers.area where code = ${sender.areaCode}
      union all select a.code, a.parent_code from registers.area a join above b on a.code = b.parent_code
    )
    select code, name, level, parent_code as "parentCode" from registers.area
    where (code >= ${sender.lo} and code < ${sender.hi}) or (code >= ${district} and code < ${`${district}:`}) or code in (select code from above)`.execute(
    tx,
  );
  return areaFinder(rows, sender, options.createMissingAreas);
}

export async function openEstates(tx: Transaction): Promise<ReturnType<typeof estateFinder>> {
  const { rows } = await sql<KnownEstate>`
    select e.id, e.name, e.scope, e.community_code as "communityCode", c.name as "communityName", s.name as "streetName"
    from registers.estate e join registers.area c on c.code = e.community_code
    left join registers.area s on s.code = c.parent_code and s.level = 'subdistrict' order by e.scope`.execute(tx);
  return estateFinder(rows);
}

export async function openCompanies(tx: Transaction): Promise<ReturnType<typeof companyFinder>> {
  const { rows } = await sql<KnownCompany>`
    select id, name, short_name as "shortName", uscc, platform.in_scope(scope) as inside from registers.organisation
    where kind = 'property-company' and dissolved_on is null order by id`.execute(tx);
  return companyFinder(rows);
}

export function placeOf(values: Values): Place {
  return { street: text(values.street), community: text(values.community), code: text(values.communityCode) };
}

/** Which of the columns that say where something lies are missing, given what follows from the sender's own area. */
export function missingPlace(mapped: ReadonlySet<string>, sender: Sender): string[] {
  if (mapped.has('communityCode')) return [];
  const missing: string[] = [];
  if (!mapped.has('street') && !['subdistrict', 'community'].includes(sender.level)) missing.push(streetField.label);
  if (!mapped.has('community') && sender.level !== 'community') missing.push(communityField.label);
  return missing;
}

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
