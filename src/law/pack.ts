/**
 * Policy packs: folders of dated, cited requirements, read from YAML into plain data. One pass over every file finds
 * every error, each with file and line; a pack with an error is refused as a whole.
 */
import { isLocalDate, type LocalDate, parsePeriod } from '../kernel/local-date.ts';
import { endOfTerm, type RestCalendar, restCalendar, startOfTerm } from '../kernel/term.ts';
import { citedBy, parseSource, type Source, TEXT_TITLES } from './citation.ts';
import type { ClauseText } from './clause.ts';
import {
  type Condition,
  isKey,
  isSubject,
  type Limit,
  parseCondition,
  parseLimit,
  SUBJECTS,
  type Subject,
  withinLimit,
} from './conditions.ts';
import {
  choice,
  choices,
  date,
  isMapping,
  type Mapping,
  mapping,
  optional,
  required,
  texts,
  unknownFields,
} from './fields.ts';
import {
  CONFIDENCES,
  type Confidence,
  type DatedValue,
  FORCES,
  type Force,
  type Is,
  parseIs,
  RANKS,
  type Rank,
  STATUSES,
  type Status,
  satisfies,
  textIn,
  valueOn,
  wholeNumber,
} from './parameter.ts';
import { afterEvent, type Due, EVENTS, occurrences, parseDue } from './recurrence.ts';
import {
  type Path,
  type Plain,
  type PolicyFile,
  type Problem,
  type ReadYaml,
  type Report,
  readYaml,
  sortProblems,
} from './yaml.ts';

export { type Clause, type ClauseText, clauseFinder } from './clause.ts';
export type { PolicyFile, Problem } from './yaml.ts';

export const LEVELS = {
  national: '全国',
  province: '省',
  city: '市',
  district: '县（市、区）',
  covenant: '规约',
} as const;
export type Level = keyof typeof LEVELS;

export const GROUPS = {
  organisation: '组织覆盖',
  joint: '联动共治',
  committees: '业主组织',
  coverage: '服务覆盖',
  disclosure: '公开',
  money: '资金监管',
  supervision: '企业监管',
  safety: '安全',
  requests: '诉求',
  reports: '报告',
  campaigns: '创建宣传',
} as const;
export type Group = keyof typeof GROUPS;

export const ORGANISATION_KINDS = {
  'housing-bureau': '住建部门',
  'organisation-department': '组织部',
  'political-legal-commission': '政法委',
  'civil-affairs-bureau': '民政部门',
  'party-work-committee': '“两新”工委',
  'industry-party-committee': '物业行业党委',
  'property-association': '物业行业协会',
  'subdistrict-office': '街道办事处（乡镇政府）',
  'subdistrict-party-committee': '街道党工委',
  'residents-committee': '社区居委会',
  'community-party-organisation': '社区党组织',
  'estate-party-branch': '小区党支部',
  'property-company': '物业服务企业',
  'company-party-organisation': '物业企业党组织',
  'owners-committee': '业主委员会',
  'management-committee': '物业管理委员会',
  court: '人民法院',
  'urban-management': '城市管理',
  'market-supervision': '市场监管',
  'finance-bureau': '财政部门',
  'development-reform': '发展改革部门',
  'public-security': '公安机关',
} as const;
export type OrganisationKind = keyof typeof ORGANISATION_KINDS;

/** Whom a duty is owed to, beside organisations. */
export const RECIPIENTS = { ...ORGANISATION_KINDS, owners: '业主', public: '社会公众' } as const;
export type Recipient = keyof typeof RECIPIENTS;

export interface Example {
  readonly given: Readonly<Record<string, string>>;
  readonly on: LocalDate | null;
  readonly expect: string;
  readonly line: number;
}

interface Entry {
  readonly key: string;
  readonly label: string;
  readonly force: Force;
  readonly rank: Rank;
  readonly group: Group | null;
  /** null: the text has a catalogue of its clauses and was read whole. */
  readonly confidence: Confidence | null;
  readonly checked: LocalDate | null;
  readonly note: string | null;
  readonly assumption: string | null;
  readonly allowsLower: boolean;
  readonly narrows: string | null;
  readonly conflictsWith: string | null;
  readonly examples: readonly Example[];
  readonly file: string;
  readonly line: number;
}

export interface ParameterEntry extends Entry {
  readonly kind: 'parameter';
  readonly values: readonly DatedValue[];
}

/** After so many days overdue the duty is taken to a body of this kind, the nearest above the subject. */
export interface Escalation {
  readonly after: number;
  readonly to: OrganisationKind;
}

export interface DutyEntry extends Entry {
  readonly kind: 'duty';
  readonly group: Group;
  readonly source: Source;
  readonly over: Subject;
  readonly where: Condition | null;
  readonly bearer: OrganisationKind;
  readonly guides: readonly OrganisationKind[];
  /** Bodies that help the bearer (配合单位). */
  readonly supporting: readonly OrganisationKind[];
  readonly owedTo: readonly Recipient[];
  readonly due: Due;
  readonly warnDays: number | null;
  /** Whom an overdue duty is taken to, in the order of the days. */
  readonly escalations: readonly Escalation[];
  readonly metBy: 'filings.filed';
}

export interface IndicatorEntry extends Entry {
  readonly kind: 'indicator';
  readonly group: Group;
  readonly source: Source;
  readonly over: Subject | 'duties';
  /** The duty whose occurrences are counted, when `over` is duties. */
  readonly of: string | null;
  readonly where: Condition | null;
  readonly counts: Condition | null;
  readonly measure: 'count' | 'floorArea';
  /** null: shown and never judged. */
  readonly target: Limit | null;
  /** null: standing. */
  readonly by: LocalDate | null;
  readonly campaign: string | null;
}

export type PackEntry = ParameterEntry | DutyEntry | IndicatorEntry;

export interface Pack {
  readonly id: string;
  readonly label: string;
  readonly level: Level;
  readonly under: string | null;
  readonly status: Status;
  readonly rank: Rank;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
  readonly text: string | null;
  readonly document: {
    readonly number: string | null;
    readonly title: string;
    readonly issuedOn: LocalDate | null;
    readonly issuers: readonly string[];
    /** What a reader of the whole pack must know: which edition of the text was seen. */
    readonly note: string | null;
  };
  readonly parameters: readonly ParameterEntry[];
  readonly duties: readonly DutyEntry[];
  readonly indicators: readonly IndicatorEntry[];
  readonly file: string;
  readonly line: number;
}

export interface ParseOptions {
  /** With it, examples of deadlines are checked as they will roll; without it, as counted. */
  readonly calendar?: RestCalendar;
  /** Names of texts that may be cited by code. */
  readonly titles?: Readonly<Record<string, string>>;
}

/** Reads one pack: `pack.yaml` and its topic files. Every error of every file is reported. */
export function parsePack(
  files: readonly PolicyFile[],
  clauseTexts: readonly ClauseText[] = [],
  { calendar = restCalendar([]), titles = TEXT_TITLES }: ParseOptions = {},
): { pack: Pack } | { problems: Problem[] } {
  const head = files.find(({ path }) => baseName(path) === 'pack.yaml');
  if (!head) {
    return { problems: [{ file: files[0]?.path ?? 'pack.yaml', line: 1, message: '政策包文件夹里没有 pack.yaml' }] };
  }
  const headYaml = readYaml(head);
  const pack = parseHead(head, headYaml, clauseTexts);
  const problems: Problem[] = [...headYaml.problems];
  // Taken as written, so that a fault elsewhere in pack.yaml does not make every clause id look wrong.
  const text = isMapping(headYaml.value) && typeof headYaml.value.text === 'string' ? headYaml.value.text : null;
  const entries: PackEntry[] = [];
  const seen = new Map<string, string>();
  for (const file of files) {
    if (file === head) continue;
    const yaml = readYaml(file);
    const found = parseTopic(file, yaml, {
      rank: pack?.rank ?? 'policy',
      text,
      from: pack?.from ?? null,
      clauseTexts,
      calendar,
      titles,
    });
    for (const entry of found) {
      const other = seen.get(entry.key);
      if (other !== undefined) yaml.report([entry.key], `键 ${entry.key} 已在 ${other} 中用过`);
      seen.set(entry.key, file.path);
    }
    entries.push(...found);
    problems.push(...yaml.problems);
  }
  if (problems.length > 0 || pack === null) return { problems: sortProblems(problems) };
  return {
    pack: {
      ...pack,
      parameters: entries.filter((entry) => entry.kind === 'parameter'),
      duties: entries.filter((entry) => entry.kind === 'duty'),
      indicators: entries.filter((entry) => entry.kind === 'indicator'),
    },
  };
}

export function entriesOf(pack: Pack): PackEntry[] {
  return [...pack.parameters, ...pack.duties, ...pack.indicators];
}

/** Where an entry says it comes from; a parameter may say so on each value. */
export function sourcesOf(entry: PackEntry): Source[] {
  return entry.kind === 'parameter' ? entry.values.map(({ source }) => source) : [entry.source];
}

export const ENTRY_KINDS = { parameter: '参数', duty: '职责', indicator: '指标' } as const;

const COMMON_FIELDS = [
  'label',
  'force',
  'rank',
  'source',
  'confidence',
  'checked',
  'note',
  'assumption',
  'allows',
  'narrows',
  'conflictsWith',
  'examples',
  'group',
];
export const FIELDS: Record<PackEntry['kind'], readonly string[]> = {
  parameter: [...COMMON_FIELDS, 'values'],
  duty: [
    ...COMMON_FIELDS,
    'over',
    'where',
    'bearer',
    'guides',
    'supporting',
    'owedTo',
    'due',
    'warnDays',
    'escalations',
    'metBy',
  ],
  indicator: [...COMMON_FIELDS, 'over', 'of', 'where', 'counts', 'measure', 'target', 'by', 'standing', 'campaign'],
};

function parseHead(
  file: PolicyFile,
  yaml: ReadYaml,
  clauseTexts: readonly ClauseText[],
): Omit<Pack, 'parameters' | 'duties' | 'indicators'> | null {
  const { report } = yaml;
  const root = mapping(yaml, ['id', 'label', 'level', 'under', 'status', 'rank', 'from', 'to', 'text', 'document']);
  if (root === null) return null;
  const id = required(root, 'id', [], report);
  if (id !== null && !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id)) report(['id'], 'id 应为小写字母、数字和连字符');
  const label = required(root, 'label', [], report);
  const level = choice(root, 'level', LEVELS, [], report);
  const status = choice(root, 'status', STATUSES, [], report);
  const rank = choice(root, 'rank', RANKS, [], report);
  const from = date(root, 'from', [], report, { required: true });
  const to = date(root, 'to', [], report);
  if (from !== null && to !== null && to < from) report(['to'], `失效日 ${to} 早于生效日 ${from}`);
  const under = optional(root, 'under', [], report);
  if (level === 'national' && under !== null) report(['under'], '全国政策包不叠加在别的包上');
  if (level !== null && level !== 'national' && under === null) report([], '缺少 under：写明叠加在哪个政策包上');
  const text = optional(root, 'text', [], report);
  if (text !== null && !clauseTexts.some((one) => one.text === text))
    report(['text'], `没有条款文本 clauses/${text}.yaml`);
  const value = root.document;
  if (!isMapping(value)) report(['document'], '缺少 document：文号、标题和发文机关');
  const about = isMapping(value) ? value : {};
  unknownFields(about, ['number', 'title', 'issuedOn', 'issuers', 'note'], ['document'], report);
  const title = isMapping(value) ? required(about, 'title', ['document'], report) : null;
  const document = {
    number: optional(about, 'number', ['document'], report),
    title: title ?? '',
    issuedOn: date(about, 'issuedOn', ['document'], report),
    issuers: texts(about, 'issuers', ['document'], report),
    note: optional(about, 'note', ['document'], report),
  };
  if (id === null || label === null || level === null || status === null || rank === null || from === null) return null;
  return { id, label, level, under, status, rank, from, to, text, document, file: file.path, line: 1 };
}

interface TopicContext extends Required<ParseOptions> {
  readonly rank: Rank;
  readonly text: string | null;
  readonly from: LocalDate | null;
  readonly clauseTexts: readonly ClauseText[];
}

function parseTopic(file: PolicyFile, yaml: ReadYaml, context: TopicContext): PackEntry[] {
  if (yaml.problems.length > 0) return [];
  if (!isMapping(yaml.value)) {
    if (yaml.value !== '') yaml.report([], '专题文件应为“键: 条目”');
    return [];
  }
  return Object.entries(yaml.value).flatMap(([key, value]) => parseEntry(key, value, file, yaml, context) ?? []);
}

function parseEntry(
  key: string,
  value: Plain,
  file: PolicyFile,
  yaml: ReadYaml,
  context: TopicContext,
): PackEntry | null {
  const { problems } = yaml;
  const before = problems.length;
  const path: Path = [key];
  const report: Report = (at, message, clause) =>
    yaml.report(at, message, clause ?? clauseBehind(value, at.slice(1), context.titles));
  if (!isKey(key)) report(path, `键 ${key} 应为“专题.名称”，用小写开头的英文`);
  if (!isMapping(value)) {
    report(path, '条目应为若干“字段: 值”');
    return null;
  }
  const kinds = (['values', 'due', 'target'] as const).filter((field) => Object.hasOwn(value, field));
  const [mark, ...others] = kinds;
  if (mark === undefined || others.length > 0) {
    report(path, '条目须恰有 values（参数）、due（职责）、target（指标）之一');
    return null;
  }
  const kind = ({ values: 'parameter', due: 'duty', target: 'indicator' } as const)[mark];
  unknownFields(value, FIELDS[kind], path, report, ENTRY_KINDS[kind]);
  const label = required(value, 'label', path, report);
  const force = choice(value, 'force', FORCES, path, report);
  const rank = Object.hasOwn(value, 'rank') ? choice(value, 'rank', RANKS, path, report) : context.rank;
  const group = Object.hasOwn(value, 'group') ? choice(value, 'group', GROUPS, path, report) : null;
  if (kind !== 'parameter' && !Object.hasOwn(value, 'group')) report(path, '缺少 group（分组）');
  const allows = optional(value, 'allows', path, report);
  if (allows !== null && allows !== 'lower') report([...path, 'allows'], 'allows 只能写 lower');
  const source = Object.hasOwn(value, 'source') ? readSource(value.source, [...path, 'source'], report, context) : null;
  if (kind !== 'parameter' && !Object.hasOwn(value, 'source')) report(path, '缺少 source（出处）');
  const common = {
    key,
    label: label ?? '',
    force: force ?? 'binding',
    rank: rank ?? 'policy',
    group,
    confidence: Object.hasOwn(value, 'confidence') ? choice(value, 'confidence', CONFIDENCES, path, report) : null,
    checked: date(value, 'checked', path, report),
    note: optional(value, 'note', path, report),
    assumption: optional(value, 'assumption', path, report),
    allowsLower: allows === 'lower',
    narrows: optional(value, 'narrows', path, report),
    conflictsWith: optional(value, 'conflictsWith', path, report),
    examples: parseExamples(value.examples, [...path, 'examples'], report, yaml.lineOf),
    file: file.path,
    line: yaml.lineOf(path),
  };
  const entry =
    kind === 'parameter'
      ? parseParameter(value, common, source, path, report, context)
      : kind === 'duty'
        ? parseDuty(value, common, source, path, report)
        : parseIndicator(value, common, source, path, report, context);
  if (entry === null || problems.length > before) return null;
  for (const [at, example] of entry.examples.entries()) {
    const fault = exampleFault(entry, example, context.calendar);
    if (fault !== null) report([...path, 'examples', at], `例子不成立：${fault}`);
  }
  return entry;
}

/** The clause a faulty entry rests on, as far as it can be read: that of the dated value at fault, or of the entry. */
function clauseBehind(entry: Plain, path: Path, titles: Readonly<Record<string, string>>): string | undefined {
  if (!isMapping(entry)) return undefined;
  const values = isMapping(entry.values) ? entry.values : {};
  const [field, from] = path;
  const holders = field === 'values' && from !== undefined ? [values[from], entry] : [entry, ...Object.values(values)];
  for (const holder of holders) {
    const source = isMapping(holder) && parseSource(holder.source, [], () => {});
    if (source) return citedBy(source, titles);
  }
  return undefined;
}

function parseParameter(
  value: Mapping,
  common: Entry,
  source: Source | null,
  path: Path,
  report: Report,
  context: TopicContext,
): ParameterEntry | null {
  if (!isMapping(value.values) || Object.keys(value.values).length === 0) {
    report([...path, 'values'], 'values 应为“生效日: { is: … }”');
    return null;
  }
  const values: DatedValue[] = [];
  for (const [from, dated] of Object.entries(value.values)) {
    const at = [...path, 'values', from];
    if (!isLocalDate(from)) report(at, `“${from}”不是日期（应如 2024-03-18）`);
    if (!isMapping(dated)) {
      report(at, '应写作 { is: …, source: … }');
      continue;
    }
    unknownFields(dated, ['is', 'source', 'to'], at, report);
    const to = date(dated, 'to', at, report);
    if (to !== null && to < from) report([...at, 'to'], `失效日 ${to} 早于生效日 ${from}`);
    const is = parseIs(dated.is, [...at, 'is'], report);
    const own = Object.hasOwn(dated, 'source') ? readSource(dated.source, [...at, 'source'], report, context) : source;
    if (!Object.hasOwn(dated, 'source') && !Object.hasOwn(value, 'source')) report(at, '缺少 source（出处）');
    if (isLocalDate(from) && is !== null && own !== null) {
      values.push({ from, ...(to === null ? {} : { to }), is, source: own });
    }
  }
  values.sort((a, b) => (a.from < b.from ? -1 : 1));
  for (const [at, one] of values.entries()) {
    const next = values[at + 1];
    if (one.to !== undefined && next !== undefined && one.to >= next.from) {
      report([...path, 'values', one.from, 'to'], `与自 ${next.from} 起的值日期重叠`);
    }
  }
  return { ...common, kind: 'parameter', values };
}

function parseDuty(value: Mapping, common: Entry, source: Source | null, path: Path, report: Report): DutyEntry | null {
  const over = subject(value, path, report);
  const where =
    over && Object.hasOwn(value, 'where') ? parseCondition(value.where, over, [...path, 'where'], report) : null;
  const bearer = choice(value, 'bearer', ORGANISATION_KINDS, path, report);
  const guides = choices(value, 'guides', ORGANISATION_KINDS, path, report);
  const supporting = choices(value, 'supporting', ORGANISATION_KINDS, path, report);
  const owedTo = choices(value, 'owedTo', RECIPIENTS, path, report);
  const due = parseDue(value.due, [...path, 'due'], report);
  const warnDays = Object.hasOwn(value, 'warnDays') ? wholeNumber(value.warnDays) : null;
  if (Object.hasOwn(value, 'warnDays') && warnDays === null) report([...path, 'warnDays'], 'warnDays 应为整数（天）');
  const escalations = parseEscalations(value.escalations, bearer, [...path, 'escalations'], report);
  if (value.metBy !== 'filings.filed') report(metByPath(value, path), 'metBy 目前应为 filings.filed');
  if (due?.shape === 'afterEvent' && over !== null && EVENTS[due.event].over !== over) {
    report([...path, 'due', 'after'], `事件 ${due.event} 属于 ${EVENTS[due.event].over}，与 over: ${over} 不符`);
  }
  if (over === null || bearer === null || due === null || source === null || common.group === null) return null;
  const group = common.group;
  return {
    ...common,
    group,
    kind: 'duty',
    source,
    over,
    where,
    bearer,
    guides,
    supporting,
    owedTo,
    due,
    warnDays,
    escalations,
    metBy: 'filings.filed',
  };
}

/** `[{ after: 5, to: housing-bureau }, …]`: later levels later, and never to the bearer itself. */
function parseEscalations(
  value: Plain | undefined,
  bearer: OrganisationKind | null,
  path: Path,
  report: Report,
): Escalation[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    report(path, 'escalations 应为列表，如 [{ after: 5, to: housing-bureau }]');
    return [];
  }
  const levels = value.flatMap((one, at): Escalation[] => {
    const here = [...path, at];
    if (!isMapping(one)) {
      report(here, '应写作 { after: 天数, to: 单位 }');
      return [];
    }
    unknownFields(one, ['after', 'to'], here, report);
    const to = choice(one, 'to', ORGANISATION_KINDS, here, report);
    const after = wholeNumber(one.after);
    if (after === null || after === 0) report([...here, 'after'], 'after 应为正整数（超期天数）');
    if (to !== null && to === bearer) report([...here, 'to'], '不能上报给责任单位自己');
    return after === null || to === null ? [] : [{ after, to }];
  });
  for (const [at, { after }] of levels.entries()) {
    if (at > 0 && after <= levels[at - 1]!.after) report([...path, at, 'after'], '后一级的天数须大于前一级');
  }
  return levels;
}

function metByPath(value: Mapping, path: Path): Path {
  return Object.hasOwn(value, 'metBy') ? [...path, 'metBy'] : path;
}

function parseIndicator(
  value: Mapping,
  common: Entry,
  source: Source | null,
  path: Path,
  report: Report,
  context: TopicContext,
): IndicatorEntry | null {
  const overDuties = value.over === 'duties';
  const over = overDuties ? null : subject(value, path, report, ['duties']);
  const of = optional(value, 'of', path, report);
  if (overDuties && of === null) report(path, 'over: duties 须写 of（哪一项职责）');
  if (!overDuties && of !== null) report([...path, 'of'], 'of 只用于 over: duties');
  for (const field of ['where', 'counts', 'measure']) {
    if (overDuties && Object.hasOwn(value, field)) report([...path, field], `over: duties 不用 ${field}`);
  }
  const condition = (field: 'where' | 'counts') =>
    over !== null && Object.hasOwn(value, field) ? parseCondition(value[field], over, [...path, field], report) : null;
  const where = condition('where');
  const counts = condition('counts');
  if (over !== null && !Object.hasOwn(value, 'counts')) report(path, '缺少 counts（哪些算数）');
  const measure = Object.hasOwn(value, 'measure') ? choice(value, 'measure', MEASURES, path, report) : 'count';
  if (measure === 'floorArea' && over !== 'estates')
    report([...path, 'measure'], '只有小区（estates）可按建筑面积计算');
  const watched = isMapping(value.target) && value.target.watch === 'true' && Object.keys(value.target).length === 1;
  const target = watched ? null : parseLimit(value.target, [...path, 'target'], report);
  const by = date(value, 'by', path, report);
  const standing = optional(value, 'standing', path, report);
  if (standing !== null && standing !== 'true') report([...path, 'standing'], 'standing 只能写 true');
  if ((standing === null) === !Object.hasOwn(value, 'by')) report(path, '须恰有 by（截止日）和 standing: true 之一');
  if (by !== null && context.from !== null && by < context.from) {
    report([...path, 'by'], `截止日 ${by} 早于政策包生效日 ${context.from}`);
  }
  const campaign = optional(value, 'campaign', path, report);
  if (campaign !== null && !Object.hasOwn(value, 'by')) report([...path, 'campaign'], 'campaign 须与 by 同用');
  if (source === null || common.group === null || measure === null || (over === null && !overDuties)) return null;
  if (!watched && target === null) return null;
  return {
    ...common,
    group: common.group,
    kind: 'indicator',
    source,
    over: over ?? 'duties',
    of,
    where,
    counts,
    measure,
    target,
    by,
    campaign,
  };
}

export const MEASURES = { count: '个数', floorArea: '建筑面积' } as const;

function readSource(value: Plain | undefined, path: Path, report: Report, context: TopicContext): Source | null {
  const source = parseSource(value, path, report);
  if (source === null) return null;
  if ('text' in source) {
    // A text is cited by a known code, or by its Chinese name.
    if (/^[\x20-\x7e]+$/.test(source.text) && !Object.hasOwn(context.titles, source.text)) {
      report(path, `不认识的文本 ${source.text}；请写中文名称，或用：${Object.keys(context.titles).join('、')}`);
    }
    return source;
  }
  const own = context.clauseTexts.find((one) => one.text === context.text);
  if (own === undefined && context.text !== null) return source; // pack.yaml is told that its text is missing
  for (const id of source.clauses) {
    if (own?.clauses.some((clause) => clause.id === id)) continue;
    const other = context.clauseTexts.find((one) => one.clauses.some((clause) => clause.id === id));
    const where = other ? `它属于 ${other.text}` : '条款文本中没有它';
    const text = context.text === null ? '本包没有写 text，不能引用条款' : `${context.text} 没有条款 ${id}`;
    report(path, `${text}（${where}）`, id);
  }
  return source;
}

function parseExamples(value: Plain | undefined, path: Path, report: Report, lineOf: ReadYaml['lineOf']): Example[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    report(path, 'examples 应为列表');
    return [];
  }
  return value.flatMap((one, at): Example[] => {
    const here = [...path, at];
    if (!isMapping(one)) {
      report(here, '例子应写作 { given: { … }, on: 日期, expect: 结果 }');
      return [];
    }
    unknownFields(one, ['given', 'on', 'expect'], here, report);
    const expect = required(one, 'expect', here, report);
    const on = date(one, 'on', here, report);
    const given = one.given ?? {};
    if (!isMapping(given) || !Object.values(given).every((part) => typeof part === 'string')) {
      report([...here, 'given'], 'given 应为若干“名称: 值”');
      return [];
    }
    return expect === null ? [] : [{ given: given as Record<string, string>, on, expect, line: lineOf(here) }];
  });
}

/** What is wrong with an example, or null when it holds. */
function exampleFault(entry: PackEntry, example: Example, calendar: RestCalendar): string | null {
  const actual =
    entry.kind === 'parameter'
      ? parameterResult(entry, example, calendar)
      : entry.kind === 'duty'
        ? dutyResult(entry.due, example, calendar)
        : indicatorResult(entry, example);
  if (actual === null) return '缺少计算所需的 given';
  return actual === example.expect ? null : `应得 ${actual}，写的是 ${example.expect}`;
}

function parameterResult(entry: ParameterEntry, { given, on }: Example, calendar: RestCalendar): string | null {
  const value = on === null ? (entry.values.at(-1) ?? null) : valueOn(entry.values, on);
  if (value === null) return 'none';
  const { is } = value;
  if (is.kind === 'text') return textIn(is);
  if (is.kind === 'rhythm') return is.every;
  if (is.kind === 'duration') return String(is.minutes);
  if (is.kind === 'term') return termResult(is, given, calendar);
  const answer = satisfies(is, given);
  if (answer !== null) return String(answer);
  return given.total === '0' || ('in' in is && given[is.in] === '0') ? 'not-applicable' : null;
}

function termResult(
  is: Extract<Is, { kind: 'term' }>,
  given: Readonly<Record<string, string>>,
  calendar: RestCalendar,
): string | null {
  const { from, until } = given;
  // A term of office, or a record's validity, ends on its day; only deadlines roll.
  const roll = calendar.years.size > 0 && given.roll !== 'false';
  if (from !== undefined && isLocalDate(from)) return endOfTerm({ from, ...is.length }, calendar, { roll }).on;
  return until !== undefined && isLocalDate(until) ? startOfTerm({ until, ...is.length }, calendar).on : null;
}

/** `given: { period: 2026-Q3 }`, `given: { event: 2026-01-05 }`, or `on`: a day inside the period, or of the event. */
function dutyResult(due: Due, { given, on }: Example, calendar: RestCalendar): string | null {
  const roll = calendar.years.size > 0;
  if (due.shape === 'afterEvent') {
    const event = given.event ?? on;
    return event && isLocalDate(event) ? afterEvent(due, event, calendar, { roll }).dueOn : null;
  }
  if (due.shape === 'once') return occurrences(due, due.on, due.on, calendar, { roll })[0]?.dueOn ?? null;
  const within = given.period === undefined ? on : (parsePeriod(given.period)?.from ?? null);
  if (within === null) return null;
  const [found] = occurrences(due, within, within, calendar, { roll });
  return found && (given.period === undefined || given.period === found.key) ? found.dueOn : null;
}

function indicatorResult({ target }: IndicatorEntry, { given: { part, total } }: Example): string | null {
  if (target === null || part === undefined || total === undefined || !/^\d+$/.test(part) || !/^\d+$/.test(total)) {
    return null;
  }
  return String(withinLimit(BigInt(part), BigInt(total), target) ?? 'not-applicable');
}

function subject(value: Mapping, path: Path, report: Report, besides: readonly string[] = []): Subject | null {
  const over = value.over;
  if (typeof over === 'string' && isSubject(over)) return over;
  const known = [...Object.keys(SUBJECTS), ...besides].join('、');
  if (over === undefined) report(path, `缺少 over（对哪些对象）；可用：${known}`);
  else report([...path, 'over'], `不认识的对象 ${typeof over === 'string' ? over : ''}；可用：${known}`);
  return null;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
