/** Judgements about the rows of a roster: which place, estate or company is meant, and what to say when none is. Pure. */
import { type DivisionLevel, divisionRange, levelOfDivision, parentDivision } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import { normaliseText } from '../../kernel/text.ts';
import type { Batch, BatchState, PlannedArea, RowProblem } from './rosters.ts';

// ── Areas

export interface KnownArea {
  code: string;
  name: string;
  level: DivisionLevel;
  parentCode: string | null;
}

export interface Place {
  street?: string | undefined;
  community?: string | undefined;
  code?: string | undefined;
}

export interface Range {
  areaCode: string;
  level: DivisionLevel;
  lo: string;
  hi: string;
}

export type Found<T> = { found: T } | { problems: RowProblem[] };

/** Says what to do about a place that is not registered; the words in quotes are those of the step and its box. */
const orCreate = '确是新的，请回到“对应列”，勾选“一并建立”。';

/**
 * Names and codes to communities. With `create`, what is missing is planned instead of refused: under the code given, or under a provisional
 * one of the district (sub-districts 990…, communities 9xx, beside the numbers that the statistics office uses).
 */
export function areaFinder(known: readonly KnownArea[], range: Range, create: boolean) {
  const byCode = new Map(known.map((area) => [area.code, area]));
  const streets = known.filter((area) => area.level === 'subdistrict');
  const communities = known.filter((area) => area.level === 'community');
  const byStreet = new Map<string, KnownArea[]>();
  for (const area of streets) push(byStreet, bareStreet(area.name), area);
  const byCommunity = new Map<string, KnownArea[]>();
  for (const area of communities) push(byCommunity, bareCommunity(area.name), area);
  const plan: PlannedArea[] = [];
  const remembered = new Map<string, Found<KnownArea>>();
  const within = (code: string) => code >= range.lo && code < range.hi;

  return {
    planned: () => plan,

    /** The sub-district meant by a name, for rosters that stop at it. */
    findStreet: (name: string): Found<KnownArea> => streetOf(name),

    findCommunity(place: Place): Found<KnownArea> {
      const key = `${place.street ?? ''}\n${place.community ?? ''}\n${place.code ?? ''}`;
      const before = remembered.get(key);
      if (before) return before;
      const result = place.code === undefined ? byNames(place) : byItsCode(place.code, place);
      remembered.set(key, result);
      return result;
    },
  };

  function byItsCode(code: string, place: Place): Found<KnownArea> {
    if (levelOfDivision(code) !== 'community') return problem('communityCode', '不是社区一级的区划代码，请核对后三位');
    if (!within(code)) return problem('communityCode', '这个社区不在您的辖区内');
    const area = byCode.get(code);
    if (area) {
      const same = place.community === undefined || bareCommunity(place.community) === bareCommunity(area.name);
      return same
        ? { found: area }
        : problem('communityCode', `代码 ${code} 在系统中是“${area.name}”，与所填“${place.community}”不符`);
    }
    if (!create) return problem('communityCode', `系统中没有代码为 ${code} 的社区。请核对。${orCreate}`);
    if (place.community === undefined) return problem('community', '新建社区需要写明社区名称');
    const above = parentDivision(code)!;
    let parent = byCode.get(above);
    if (!parent) {
      if (place.street === undefined) return problem('street', '新建街道需要写明街道名称');
      const named = (byStreet.get(bareStreet(place.street)) ?? []).find((area) => within(area.code));
      if (named) return problem('communityCode', `“${named.name}”的代码是 ${named.code}，社区代码 ${code} 不在其内`);
      parent = addStreet(above, place.street, false);
    }
    return { found: addCommunity(code, place.community, parent, false) };
  }

  function byNames(place: Place): Found<KnownArea> {
    if (place.community === undefined) {
      const own = range.level === 'community' ? byCode.get(range.areaCode) : undefined;
      return own ? { found: own } : problem('community', '请填写社区');
    }
    const bare = bareCommunity(place.community);
    if (place.street === undefined && range.level !== 'subdistrict' && range.level !== 'community') {
      const alike = (byCommunity.get(bare) ?? []).filter((area) => within(area.code));
      if (alike.length === 1) return { found: alike[0]! };
      return problem(
        'street',
        alike.length > 1 ? `辖区内有 ${alike.length} 个“${place.community}”，请填写街道` : '请填写街道',
      );
    }
    const street = place.street === undefined ? ownStreet() : streetOf(place.street);
    if ('problems' in street) return street;
    const inside = (byCommunity.get(bare) ?? []).filter((area) => area.parentCode === street.found.code);
    const found = inside[0];
    if (found) return within(found.code) ? { found } : problem('community', `“${found.name}”不在您的辖区内`);
    if (create && within(street.found.code)) {
      const code = freeCode(street.found.code.slice(0, 9), 900, 999, '');
      return code
        ? { found: addCommunity(code, place.community, street.found, true) }
        : problem('community', '暂编代码已用完，请填写社区代码');
    }
    const names = communities
      .filter((area) => area.parentCode === street.found.code && within(area.code))
      .map((area) => area.name);
    return problem(
      'community',
      `系统中“${street.found.name}”下没有“${place.community}”${suggestion(place.community, names, bareCommunity)}${orCreate}`,
    );
  }

  function ownStreet(): Found<KnownArea> {
    const code = range.level === 'subdistrict' ? range.areaCode : (byCode.get(range.areaCode)?.parentCode ?? '');
    const own = byCode.get(code);
    return own ? { found: own } : problem('street', '请填写街道');
  }

  function streetOf(name: string): Found<KnownArea> {
    const alike = byStreet.get(bareStreet(name)) ?? [];
    const own = byCode.get(range.areaCode);
    const inside = alike.filter((area) => within(area.code) || area.code === own?.parentCode);
    if (inside.length === 1) return { found: inside[0]! };
    if (inside.length > 1) return problem('street', `辖区内有 ${inside.length} 个“${name}”，请填写社区代码`);
    if (alike.length > 0) return problem('street', `“${alike[0]!.name}”不在您的辖区内`);
    if (create && range.level === 'district') {
      const code =
        freeCode(range.areaCode.slice(0, 6), 990, 999, '000') ?? freeCode(range.areaCode.slice(0, 6), 900, 989, '000');
      return code ? { found: addStreet(code, name, true) } : problem('street', '暂编代码已用完，请填写社区代码');
    }
    const names = streets.filter((area) => within(area.code)).map((area) => area.name);
    return problem(
      'street',
      `系统中没有“${name}”${suggestion(name, names, bareStreet)}${range.level === 'district' ? orCreate : ''}`,
    );
  }

  function freeCode(prefix: string, from: number, to: number, suffix: string): string | undefined {
    for (let number = from; number <= to; number += 1) {
      const code = `${prefix}${number}${suffix}`;
      if (!byCode.has(code)) return code;
    }
    return undefined;
  }

  function addStreet(code: string, name: string, provisional: boolean): KnownArea {
    const parentCode =
      [parentDivision(code), range.areaCode].find((one) => one !== null && byCode.has(one)) ?? range.areaCode;
    return add({
      code,
      name: name.replace(/(人民政府|办事处|办)$/, ''),
      level: 'subdistrict',
      parentCode,
      provisional,
    });
  }

  function addCommunity(code: string, name: string, parent: KnownArea, provisional: boolean): KnownArea {
    const full = name.replace(/(社区)?居(民)?委(员)?会$/, '社区').replace(/(村)?村(民)?委(员)?会$/, '村');
    return add({ code, name: full, level: 'community', parentCode: parent.code, provisional });
  }

  function add(area: PlannedArea): KnownArea {
    plan.push(area);
    byCode.set(area.code, area);
    if (area.level === 'subdistrict') {
      streets.push(area);
      push(byStreet, bareStreet(area.name), area);
    } else {
      communities.push(area);
      push(byCommunity, bareCommunity(area.name), area);
    }
    return area;
  }
}

export type AreaFinder = ReturnType<typeof areaFinder>;

export const bareStreet = (name: string) =>
  bare(name).replace(/(街道办事处|街道办|街道党工委|街道|镇人民政府|乡人民政府|人民政府)$/, '');
export const bareCommunity = (name: string) =>
  bare(name).replace(/(社区居民委员会|社区居委会|居民委员会|居委会|社区|村民委员会|村委会)$/, '');

/** The bodies every sub-district and community has, so that duties find somebody who owes them. */
export function standingBodies(area: Pick<PlannedArea, 'level' | 'name' | 'code'>) {
  const street = area.name.replace(/(街道|镇|乡)$/, '');
  if (area.level === 'subdistrict') {
    const isTown = /[镇乡]$/.test(area.name);
    return [
      {
        kind: 'subdistrict-office' as const,
        name: isTown ? `${area.name}人民政府` : `${street}街道办事处`,
        areaCode: area.code,
      },
      {
        kind: 'subdistrict-party-committee' as const,
        name: isTown ? `${area.name}党委` : `${street}街道党工委`,
        areaCode: area.code,
      },
    ];
  }
  if (area.level !== 'community') return [];
  const isVillage = area.name.endsWith('村');
  const stem = isVillage ? area.name : `${area.name.replace(/社区$/, '')}社区`;
  return [
    {
      kind: 'residents-committee' as const,
      name: isVillage ? `${stem}村民委员会` : `${stem}居民委员会`,
      areaCode: area.code,
    },
    { kind: 'community-party-organisation' as const, name: `${stem}党组织`, areaCode: area.code },
  ];
}

// ── Estates by name

export interface KnownEstate {
  id: number;
  name: string;
  scope: string;
  communityCode: string;
  communityName: string;
  streetName: string | null;
}

/** Estates within the sender's range by name, and by community and street where the roster gives them. */
export function estateFinder(estates: readonly KnownEstate[]) {
  const byName = new Map<string, KnownEstate[]>();
  for (const estate of estates) push(byName, bare(estate.name), estate);
  const remembered = new Map<string, Found<KnownEstate>>();
  return (name: string, place: Place): Found<KnownEstate> => {
    const key = `${name}\n${place.street ?? ''}\n${place.community ?? ''}`;
    const before = remembered.get(key);
    if (before) return before;
    const result = find(name, place);
    remembered.set(key, result);
    return result;
  };

  function find(name: string, place: Place): Found<KnownEstate> {
    const alike = byName.get(bare(name)) ?? [];
    if (alike.length === 0) {
      return problem(
        'estate',
        `您的辖区内没有登记“${name}”${suggestion(
          name,
          estates.map((one) => one.name),
          bare,
        )}请先导入小区名册`,
      );
    }
    const fitting = alike.filter(
      (one) =>
        (place.community === undefined || bareCommunity(one.communityName) === bareCommunity(place.community)) &&
        (place.street === undefined ||
          one.streetName === null ||
          bareStreet(one.streetName) === bareStreet(place.street)),
    );
    if (fitting.length === 1) return { found: fitting[0]! };
    const places = alike.map((one) => `${one.streetName ?? ''}${one.communityName}`).join('、');
    if (fitting.length === 0) return problem('estate', `“${name}”登记在${places}，与所填街道、社区不符`);
    return problem('estate', `有 ${fitting.length} 个“${name}”（${places}），请填写街道和社区`);
  }
}

// ── Companies

export interface KnownCompany {
  id: number;
  name: string;
  shortName: string | null;
  uscc: string | null;
  /** Within the sender's range, so that the sender may complete its record. */
  inside: boolean;
}

/** The company a row means. A company not registered yet is new; two rows of one file must agree about it. */
export function companyFinder(companies: readonly KnownCompany[]) {
  const byCode = new Map(companies.flatMap((one) => (one.uscc ? [[one.uscc, one] as const] : [])));
  const byName = new Map<string, KnownCompany[]>();
  for (const one of companies)
    for (const name of new Set([one.name, one.shortName ?? one.name])) push(byName, bare(name), one);
  const fresh = new Map<string, { name: string; uscc: string | null; row: number }>();
  const freshByCode = new Map<string, { name: string; row: number }>();

  /** `new` companies come back with the name as sent. */
  return (asked: {
    name?: string | undefined;
    uscc?: string | undefined;
    row: number;
  }): Found<{ name: string; uscc: string | null; known: KnownCompany | null }> => {
    const { name, uscc, row } = asked;
    const plain = name === undefined ? '' : bare(name);
    const known = uscc === undefined ? undefined : byCode.get(uscc);
    if (known) {
      const same =
        name === undefined || [known.name, known.shortName].some((one) => one !== null && bare(one) === plain);
      return same
        ? { found: { name: known.name, uscc: known.uscc, known } }
        : problem('uscc', `此代码登记给“${known.name}”，与所填“${name}”不符`);
    }
    if (name === undefined) return problem('company', '请填写物业服务企业名称：系统中没有这个统一社会信用代码');
    const alike = byName.get(plain) ?? [];
    if (alike.length > 1) return problem('uscc', `有 ${alike.length} 家“${name}”，请填写统一社会信用代码`);
    const one = alike[0];
    if (one) {
      if (uscc !== undefined && one.uscc !== null)
        return problem('uscc', `“${one.name}”登记的代码是 ${one.uscc}，请核对`);
      return { found: { name: one.name, uscc: one.inside ? (uscc ?? one.uscc) : one.uscc, known: one } };
    }
    const earlier = fresh.get(plain);
    if (earlier && uscc !== undefined && earlier.uscc !== null && earlier.uscc !== uscc) {
      return problem('uscc', `第 ${earlier.row} 行的“${name}”填的是 ${earlier.uscc}，两行不一致`);
    }
    const other = uscc === undefined ? undefined : freshByCode.get(uscc);
    if (other && bare(other.name) !== plain)
      return problem('uscc', `第 ${other.row} 行把同一代码填给了“${other.name}”`);
    if (uscc !== undefined && !other) freshByCode.set(uscc, { name, row });
    if (!earlier) fresh.set(plain, { name, uscc: uscc ?? null, row });
    else if (uscc !== undefined && earlier.uscc === null) earlier.uscc = uscc;
    return { found: { name: earlier?.name ?? name, uscc: uscc ?? null, known: null } };
  };
}

// ── Rows

/** Counts that contradict each other, and terms that end before they begin. */
export function refusalsOfCommittee(row: Readonly<Record<string, unknown>>): RowProblem[] {
  const problems: RowProblem[] = [];
  const number = (key: string) => (typeof row[key] === 'number' ? (row[key] as number) : undefined);
  const members = number('members');
  const [party, owners] = [number('partyMembers'), number('ownerMembers')];
  if (members === 0) problems.push({ key: 'members', problem: '委员人数不能为 0；不知道的写“待补”' });
  if (members !== undefined && party !== undefined && party > members) {
    problems.push({ key: 'partyMembers', problem: `党员委员 ${party} 人，多于委员 ${members} 人` });
  }
  if (members !== undefined && owners !== undefined && owners > members) {
    problems.push({ key: 'ownerMembers', problem: `业主委员 ${owners} 人，多于委员 ${members} 人` });
  }
  const [from, to] = [row.termFrom, row.termTo];
  if (typeof from === 'string' && typeof to === 'string' && to <= from)
    problems.push({ key: 'termTo', problem: `任期止 ${to} 不晚于任期起 ${from}` });
  return problems;
}

/** Names in one cell, as co-owners and committee rolls are written. */
export function namesIn(text: string): string[] {
  return text
    .split(/[、,，;；/\n]+/)
    .map((name) => normaliseText(name))
    .filter((name) => name !== '');
}

// ── Batches

const stateLabels: Readonly<Record<BatchState, string>> = {
  reading: '读取中',
  read: '待确认列名',
  checking: '检查中',
  checked: '待确认写入',
  committing: '写入中',
  committed: '已写入',
  undoing: '撤销中',
  undone: '已撤销',
  failed: '未能读取',
  cancelled: '已取消',
};
export const labelOfState = (state: BatchState): string => stateLabels[state];

export type BatchAct = 'map' | 'commit' | 'cancel' | 'undo';
const actLabels: Readonly<Record<BatchAct, string>> = {
  map: '确认列名',
  commit: '写入',
  cancel: '取消',
  undo: '撤销',
};
const allowedIn: Readonly<Record<BatchAct, readonly BatchState[]>> = {
  map: ['read', 'checked'],
  commit: ['checked'],
  cancel: ['reading', 'read', 'checking', 'checked', 'committing'],
  undo: ['committed'],
};

/** Whether the worker has it in hand, or will soon. */
export const isUnderWay = (state: BatchState): boolean =>
  ['reading', 'checking', 'committing', 'undoing'].includes(state);

/** How long an import may be taken back (ux 6.7). */
export const UNDO_HOURS = 24;

export function refusalsOfAct(
  act: BatchAct,
  batch: Pick<Batch, 'state' | 'organisationId' | 'keptUntil' | 'committedAt' | 'counts'>,
  about: { organisationId: number; today: LocalDate; hoursSinceCommit: number; skipWrongRows: boolean },
): Refusal[] {
  const refusals: Refusal[] = [];
  if (batch.organisationId !== about.organisationId) refusals.push(refusal('这是其他单位的导入，只能由原单位办理'));
  if (!allowedIn[act].includes(batch.state))
    refusals.push(refusal(`这次导入现在是“${labelOfState(batch.state)}”，不能${actLabels[act]}`));
  if ((act === 'map' || act === 'commit') && batch.keptUntil < about.today)
    refusals.push(refusal('上传的文件已过保存期，请重新上传'));
  if (act === 'undo' && batch.state === 'committed' && about.hoursSinceCommit >= UNDO_HOURS)
    refusals.push(refusal(`写入已超过 ${UNDO_HOURS} 小时，不能整批撤销；请逐项更正`));
  const { counts } = batch;
  if (act === 'commit' && batch.state === 'checked' && counts) {
    if (counts.wrong > 0 && !about.skipWrongRows)
      refusals.push(refusal(`还有 ${counts.wrong} 行有错。请改正后重新上传，或选择“跳过错误行”`));
    if (counts.new + counts.changed === 0) refusals.push(refusal('没有要写入的内容：各行与系统中的一致，或都有错'));
  }
  return refusals;
}

// ── Words

/** “，是否为‘花园社区’？” when one known name is close; otherwise a full stop. */
export function suggestion(name: string, names: readonly string[], plain: (text: string) => string): string {
  const wanted = plain(name);
  let best: { name: string; distance: number } | undefined;
  for (const one of names) {
    const candidate = plain(one);
    if (Math.abs(candidate.length - wanted.length) > 2) continue;
    const far = distance(wanted, candidate);
    if (far < (best?.distance ?? Math.min(3, Math.max(2, wanted.length)))) best = { name: one, distance: far };
  }
  return best ? `，是否为“${best.name}”？` : '。';
}

/** Insertions, deletions and replacements between two short names. */
export function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    previous = row;
  }
  return previous[b.length]!;
}

/** Veils telephone and identity numbers in a cell that is kept for a preview. */
export function veil(text: string): string {
  return text.replace(
    /(?<!\d)(?:\d{17}[\dXx]|\d{15}|(?:\+?86)?[ -]?1[3-9]\d(?:[ -]?\d){8})(?!\d)/g,
    (number) => `${number.slice(0, 3)}…${number.slice(-2)}`,
  );
}

/** A title under which a list says who is in which party; counts of members and party organisations are none of a person. */
const asksMembership = (cell: string) =>
  cell.length <= 10 && /政治面貌|入党|党派|党员(?!.*(?:数|比例|占比))/.test(cell) && !cell.startsWith('中共');

/** The beginning of a sheet as it is kept for a preview: numbers of people veiled, and what stands under a title that asks for membership. */
export function veilRows<R extends { cells: readonly string[] }>(rows: readonly R[]): (R & { cells: string[] })[] {
  const asking = new Set<number>();
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell, column) => {
      if ((asking.has(column) && !/^[\d.]*$/.test(cell)) || /^中共.*党员/.test(cell)) return '…';
      if (asksMembership(cell)) asking.add(column);
      return veil(cell);
    }),
  }));
}

export const bare = (name: string) => normaliseText(name).replace(/ /g, '').replaceAll('（', '(').replaceAll('）', ')');

const problem = (key: string, text: string): { problems: RowProblem[] } => ({ problems: [{ key, problem: text }] });

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Whether a code lies below another. */
export function liesWithin(code: string, area: string): boolean {
  const { lo, hi } = divisionRange(area);
  return code >= lo && code < hi;
}
