/**
 * The closed vocabulary of conditions: what a pack may ask of which subject. There is no expression language; the SQL of
 * oversight is generated from these names only, and a new name is TypeScript plus a decision record.
 */
import { atLeast, atMost, below, type Count, fraction, moreThan, parseFraction } from '../kernel/fraction.ts';
import { isLocalDate, type LocalDate } from '../kernel/local-date.ts';
import type { Path, Plain, Report } from './yaml.ts';

export const COMPARISONS = { atLeast: '不低于', moreThan: '超过', below: '低于', atMost: '不超过' } as const;
export type ComparisonName = keyof typeof COMPARISONS;

/** A bound a/b; whole numbers have b = 1. Plain numbers, so that a limit may be stored as JSON. */
export interface Limit {
  readonly comparison: ComparisonName;
  readonly a: number;
  readonly b: number;
}

export type Condition =
  | { readonly kind: 'boolean'; readonly attribute: string; readonly is: boolean }
  | { readonly kind: 'number'; readonly attribute: string; readonly limit: Limit }
  | {
      readonly kind: 'date';
      readonly attribute: string;
      readonly comparison: 'since' | 'before';
      readonly on: LocalDate;
    }
  | { readonly kind: 'share'; readonly of: string; readonly in: string; readonly limit: Limit }
  | { readonly kind: 'odd'; readonly attribute: string }
  | { readonly kind: 'filed'; readonly matter: string }
  | { readonly kind: 'any' | 'all'; readonly conditions: readonly Condition[] };

export interface Attribute {
  readonly type: 'boolean' | 'number' | 'date';
  readonly label: string;
}

export interface SubjectKind {
  readonly label: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

const yesNo = (label: string): Attribute => ({ type: 'boolean', label });
const count = (label: string): Attribute => ({ type: 'number', label });
const day = (label: string): Attribute => ({ type: 'date', label });

const areaAttributes = { hasIndustryParty: yesNo('有物业行业党委'), demonstrationZone: yesNo('示范区') };

export const SUBJECTS = {
  provinces: { label: '省', attributes: areaAttributes },
  cities: { label: '设区市', attributes: areaAttributes },
  districts: { label: '县（市、区）', attributes: areaAttributes },
  subdistricts: { label: '街道（乡镇）', attributes: areaAttributes },
  communities: { label: '社区', attributes: areaAttributes },
  estates: {
    label: '小区',
    attributes: {
      served: yesNo('有物业服务'),
      surveyedUnserved: yesNo('摸底时无物业'),
      urban: yesNo('城镇小区'),
      hasCommittee: yesNo('有业主委员会'),
      hasManagementCommittee: yesNo('有物业管理委员会'),
      longTermManaged: yesNo('已长效管理'),
      households: count('户数'),
      fundAlarmUnits: count('维修资金低于续交线的户数'),
      floorAreaCentiM2: count('建筑面积（0.01 平方米）'),
      enrolledOn: day('纳入日'),
    },
  },
  companies: {
    label: '物业服务企业',
    attributes: {
      fullMembers: count('正式党员人数'),
      projects: count('服务项目数'),
      eligible: yesNo('具备组建党组织条件'),
      hasPartyOrganisation: yesNo('单独组建党组织'),
      inJointOrganisation: yesNo('参加联合党组织'),
      organisationCovered: yesNo('党的组织已覆盖'),
      hasInstructor: yesNo('有党建指导员'),
      workCovered: yesNo('党的工作已覆盖'),
      registeredOn: day('登记日'),
    },
  },
  projects: {
    label: '服务项目',
    attributes: {
      hasInstructor: yesNo('有党建指导员'),
      hasSupervisor: yesNo('有质量督导员'),
      startedOn: day('进场日'),
    },
  },
  committees: {
    label: '业主委员会',
    attributes: {
      members: count('委员人数'),
      partyMembers: count('党员委员人数'),
      inTerm: yesNo('在任期内'),
      hasPartyUnit: yesNo('有党小组'),
      formedOn: day('本届任期开始日'),
    },
  },
  managementCommittees: {
    label: '物业管理委员会',
    attributes: {
      members: count('委员人数'),
      ownerMembers: count('业主委员人数'),
      inTerm: yesNo('在任期内'),
      formedOn: day('本届任期开始日'),
    },
  },
} as const satisfies Record<string, SubjectKind>;

export type Subject = keyof typeof SUBJECTS;

export function isSubject(text: string): text is Subject {
  return Object.hasOwn(SUBJECTS, text);
}

/** The attributes of a subject by name; the type of the table forgets nothing, this view forgets which subject. */
export function attributesOf(subject: Subject): Readonly<Record<string, Attribute>> {
  return SUBJECTS[subject].attributes;
}

export function parseCondition(
  value: Plain | undefined,
  subject: Subject,
  path: Path,
  report: Report,
): Condition | null {
  if (typeof value !== 'object' || Array.isArray(value) || Object.keys(value).length === 0) {
    report(path, '条件应为一个或几个“属性: 值”');
    return null;
  }
  const parts = Object.entries(value).map(([name, part]) => parsePart(name, part, subject, [...path, name], report));
  const conditions = parts.filter((part) => part !== null);
  if (conditions.length < parts.length) return null;
  const [only] = conditions;
  return conditions.length === 1 && only ? only : { kind: 'all', conditions };
}

function parsePart(name: string, value: Plain, subject: Subject, path: Path, report: Report): Condition | null {
  if (name === 'any' || name === 'all') {
    if (!Array.isArray(value) || value.length === 0) {
      report(path, `${name} 应为条件的列表`);
      return null;
    }
    const conditions = value.map((part, at) => parseCondition(part, subject, [...path, at], report));
    return conditions.includes(null) ? null : { kind: name, conditions: conditions.filter((part) => part !== null) };
  }
  if (name === 'filed') {
    if (typeof value === 'string' && isKey(value)) return { kind: 'filed', matter: value };
    report(path, 'filed 应为一项职责的键');
    return null;
  }
  if (name === 'odd') {
    return typeof value === 'string' && knows(value, 'number', subject, path, report)
      ? { kind: 'odd', attribute: value }
      : null;
  }
  if (name === 'share') return parseShare(value, subject, path, report);
  const attribute = Object.hasOwn(attributesOf(subject), name) ? attributesOf(subject)[name] : undefined;
  if (attribute === undefined) {
    report(path, unknownAttribute(name, subject));
    return null;
  }
  if (attribute.type === 'boolean') {
    if (value === 'true' || value === 'false') return { kind: 'boolean', attribute: name, is: value === 'true' };
    report(path, `${name}（${attribute.label}）应为 true 或 false`);
    return null;
  }
  if (attribute.type === 'date') {
    const [comparison, on] = soleEntry(value);
    if ((comparison === 'since' || comparison === 'before') && typeof on === 'string' && isLocalDate(on)) {
      return { kind: 'date', attribute: name, comparison, on };
    }
    report(path, `${name}（${attribute.label}）应写作 { since: 2024-03-18 } 或 { before: 2024-03-18 }`);
    return null;
  }
  const limit = parseLimit(value, path, report, { whole: true });
  return limit && { kind: 'number', attribute: name, limit };
}

function parseShare(value: Plain, subject: Subject, path: Path, report: Report): Condition | null {
  if (typeof value !== 'object' || Array.isArray(value)) {
    report(path, 'share 应写作 { of: 分子, in: 分母, atLeast: 1/2 }');
    return null;
  }
  const { of, in: whole, ...rest } = value;
  const known = [of, whole].map(
    (name, at) => typeof name === 'string' && knows(name, 'number', subject, [...path, at === 0 ? 'of' : 'in'], report),
  );
  if (typeof of !== 'string' || typeof whole !== 'string')
    report(path, 'share 应写作 { of: 分子, in: 分母, atLeast: 1/2 }');
  const limit = parseLimit(rest, path, report);
  if (known.includes(false) || limit === null || typeof of !== 'string' || typeof whole !== 'string') return null;
  return { kind: 'share', of, in: whole, limit };
}

/** Reads one `{ atLeast: 2/3 }`; `whole` takes whole numbers only. */
export function parseLimit(
  value: Plain | undefined,
  path: Path,
  report: Report,
  { whole = false }: { whole?: boolean } = {},
): Limit | null {
  const [comparison, text] = soleEntry(value);
  if (comparison === undefined || !isComparison(comparison) || typeof text !== 'string') {
    report(path, '应写作 { atLeast: … }、{ moreThan: … }、{ below: … } 或 { atMost: … } 之一');
    return null;
  }
  const parsed = parseFraction(text);
  const limit = parsed.ok && { comparison, a: Number(parsed.value.a), b: Number(parsed.value.b) };
  if (!limit || !Number.isSafeInteger(limit.a) || !Number.isSafeInteger(limit.b) || (whole && limit.b !== 1)) {
    report([...path, comparison], whole ? `“${text}”应为整数` : `“${text}”应为整数或分数（如 2/3）`);
    return null;
  }
  return limit;
}

/** '不低于 2/3' */
export function formatLimit({ comparison, a, b }: Limit): string {
  return `${COMPARISONS[comparison]} ${b === 1 ? a : `${a}/${b}`}`;
}

/** part/total against the limit; a plain number has total 1. null when there is nothing to compare with. */
export function withinLimit(part: Count, total: Count, limit: Limit): boolean | null {
  return COMPARE[limit.comparison](part, total, fraction(limit.a, limit.b));
}

/** The facts of one subject: null is 待补, which is neither true nor false. */
export interface SubjectFacts {
  readonly valueOf: (attribute: string) => boolean | number | bigint | LocalDate | null;
  readonly filed: (matter: string) => boolean;
}

/** The reference meaning of a condition; the generated SQL must agree with it. */
export function holds(condition: Condition, facts: SubjectFacts): boolean | null {
  switch (condition.kind) {
    case 'boolean': {
      const value = facts.valueOf(condition.attribute);
      return value === null ? null : value === condition.is;
    }
    case 'number': {
      const value = facts.valueOf(condition.attribute) as Count | null;
      return value === null ? null : withinLimit(value, 1, condition.limit);
    }
    case 'date': {
      const value = facts.valueOf(condition.attribute) as LocalDate | null;
      if (value === null) return null;
      return condition.comparison === 'since' ? value >= condition.on : value < condition.on;
    }
    case 'share': {
      const part = facts.valueOf(condition.of) as Count | null;
      const total = facts.valueOf(condition.in) as Count | null;
      return part === null || total === null ? null : withinLimit(part, total, condition.limit);
    }
    case 'odd': {
      const value = facts.valueOf(condition.attribute) as Count | null;
      return value === null ? null : BigInt(value) % 2n === 1n;
    }
    case 'filed':
      return facts.filed(condition.matter);
    case 'any':
    case 'all': {
      // Three-valued: one decisive answer settles it, otherwise anything unknown leaves it unknown.
      const decisive = condition.kind === 'any';
      const answers = condition.conditions.map((part) => holds(part, facts));
      if (answers.includes(decisive)) return decisive;
      return answers.includes(null) ? null : !decisive;
    }
  }
}

/** The matters a condition asks about. */
export function mattersOf(condition: Condition | null): string[] {
  if (condition === null) return [];
  if (condition.kind === 'filed') return [condition.matter];
  return condition.kind === 'any' || condition.kind === 'all' ? condition.conditions.flatMap(mattersOf) : [];
}

/** A condition in Chinese: '在任期内，且党员委员人数不低于 3'. */
export function formatCondition(
  condition: Condition,
  subject: Subject,
  labelOfMatter: (key: string) => string = (key) => key,
): string {
  const label = (name: string) => attributesOf(subject)[name]?.label ?? name;
  switch (condition.kind) {
    case 'boolean':
      return condition.is ? label(condition.attribute) : `不是“${label(condition.attribute)}”`;
    case 'number':
      return `${label(condition.attribute)}${formatLimit(condition.limit)}`;
    case 'date':
      return `${label(condition.attribute)}在 ${condition.on} ${condition.comparison === 'since' ? '及以后' : '以前'}`;
    case 'share':
      return `${label(condition.of)}占${label(condition.in)}的比例${formatLimit(condition.limit)}`;
    case 'odd':
      return `${label(condition.attribute)}为单数`;
    case 'filed':
      return `已报“${labelOfMatter(condition.matter)}”`;
    case 'any':
    case 'all': {
      const parts = condition.conditions.map((part) => {
        const text = formatCondition(part, subject, labelOfMatter);
        return part.kind === 'any' || part.kind === 'all' ? `（${text}）` : text;
      });
      return parts.join(condition.kind === 'any' ? '，或' : '，且');
    }
  }
}

/** Dotted camelCase: `topic.name[.part]`. */
export function isKey(text: string): boolean {
  return /^[a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)+$/.test(text);
}

const COMPARE = { atLeast, moreThan, below, atMost };

function isComparison(text: string): text is ComparisonName {
  return Object.hasOwn(COMPARISONS, text);
}

function knows(name: string, type: Attribute['type'], subject: Subject, path: Path, report: Report): boolean {
  if (Object.hasOwn(attributesOf(subject), name) && attributesOf(subject)[name]?.type === type) return true;
  report(path, unknownAttribute(name, subject, type));
  return false;
}

function unknownAttribute(name: string, subject: Subject, type?: Attribute['type']): string {
  const known = Object.entries(attributesOf(subject)).filter(([, { type: is }]) => type === undefined || is === type);
  const kind = type === 'number' ? '数值属性' : '属性';
  return `${SUBJECTS[subject].label}没有${kind} ${name}；可用：${known.map(([one]) => one).join('、') || '无'}`;
}

function soleEntry(value: Plain | undefined): [string, Plain] | [undefined, undefined] {
  if (typeof value !== 'object' || Array.isArray(value)) return [undefined, undefined];
  const [first, ...others] = Object.entries(value);
  return first && others.length === 0 ? first : [undefined, undefined];
}
