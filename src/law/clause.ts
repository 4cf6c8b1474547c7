/** The clauses of a text: what each demands in our own words, and what answers it. */
import type { CitedClause } from './citation.ts';
import { choice, isMapping, mapping, optional, required, texts, unknownFields } from './fields.ts';
import { FORCES, STATUSES, type Status } from './parameter.ts';
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

export const CLAUSE_FORCES = { ...FORCES, descriptive: '情况介绍', exhortation: '号召' } as const;
export type ClauseForce = keyof typeof CLAUSE_FORCES;

export const STEPS = ['filings.file', 'rosters.import'] as const;
export const PAGES = [
  'areas',
  'organisations',
  'estates',
  'companies',
  'committees',
  'people',
  'requirements',
  'clauses',
  'cockpit',
  'duties',
  'indicators',
  'filings',
  'responsibilities',
  'directives',
  'own-rules',
  'registers',
] as const;
export const PLANNED_ROOMS = [
  'voting',
  'notices',
  'meetings',
  'ledgers',
  'tasks',
  'assemblies',
  'elections',
  'committees',
  'appointments',
  'funds',
  'income',
  'disclosure',
  'requests',
  'services',
  'inspections',
  'safety',
  'credit',
  'party-building',
  'cross-appointments',
  'co-building',
  'coverage',
  'campaigns',
  'reports',
  'assessments',
] as const;

export type Answer =
  | { readonly kind: 'parameter' | 'duty' | 'indicator' | 'step' | 'page'; readonly keys: readonly string[] }
  | { readonly kind: 'planned'; readonly room: string }
  | { readonly kind: 'exhortation' };

export interface Clause {
  readonly id: string;
  readonly section: string;
  readonly demand: string;
  readonly force: ClauseForce;
  readonly kind: string;
  readonly mechanism: string;
  readonly capability: string;
  readonly actors: readonly string[];
  readonly answer: Answer;
  readonly line: number;
}

export interface ClauseText {
  readonly text: string;
  readonly number: string;
  readonly title: string;
  readonly status: Status;
  readonly clauses: readonly Clause[];
  readonly file: string;
}

/** What a clause id stands for, for `formatSource`. */
export function clauseFinder(texts: readonly ClauseText[]): (id: string) => CitedClause | undefined {
  const all = new Map(
    texts.flatMap((text) => text.clauses.map(({ id, section }) => [id, { section, number: text.number }])),
  );
  return (id) => all.get(id);
}

/** Reads one file of clauses. */
export function parseClauses(file: PolicyFile): { clauses: ClauseText } | { problems: Problem[] } {
  const yaml = readYaml(file);
  const { report } = yaml;
  const root = mapping(yaml, ['text', 'number', 'title', 'status', 'clauses']);
  if (root === null) return { problems: yaml.problems };
  const text = required(root, 'text', [], report);
  const number = required(root, 'number', [], report);
  const title = required(root, 'title', [], report);
  const status = choice(root, 'status', STATUSES, [], report);
  const list = root.clauses;
  const clauses: Clause[] = [];
  if (!isMapping(list)) report(['clauses'], 'clauses 应为“条款编号: 内容”');
  else {
    for (const [id, value] of Object.entries(list)) {
      const clause = parseClause(id, value, yaml);
      if (clause) clauses.push(clause);
    }
  }
  if (yaml.problems.length > 0 || text === null || number === null || title === null || status === null) {
    return { problems: sortProblems(yaml.problems) };
  }
  return { clauses: { text, number, title, status, clauses, file: file.path } };
}

function parseClause(id: string, value: Plain, yaml: ReadYaml): Clause | null {
  const { lineOf } = yaml;
  const report: Report = (path, message) => yaml.report(path, message, id);
  const path: Path = ['clauses', id];
  if (!/^[A-Z]{2,4}-[A-Za-z0-9.]+$/.test(id)) report(path, `条款编号 ${id} 应如 LC-3.3i`);
  if (!isMapping(value)) {
    report(path, '条款应为若干“字段: 值”');
    return null;
  }
  unknownFields(
    value,
    ['section', 'demand', 'force', 'kind', 'mechanism', 'capability', 'actors', 'answer'],
    path,
    report,
  );
  const [section, demand, kind, mechanism, capability] = ['section', 'demand', 'kind', 'mechanism', 'capability'].map(
    (field) => required(value, field, path, report),
  );
  const force = choice(value, 'force', CLAUSE_FORCES, path, report);
  const actors = texts(value, 'actors', path, report);
  const answer = parseAnswer(value.answer, force, [...path, 'answer'], report);
  if (!section || !demand || !kind || !mechanism || !capability || force === null || answer === null) return null;
  return { id, section, demand, force, kind, mechanism, capability, actors, answer, line: lineOf([...path, 'answer']) };
}

function parseAnswer(value: Plain | undefined, force: ClauseForce | null, path: Path, report: Report): Answer | null {
  if (!isMapping(value)) {
    report(path, '缺少 answer（由什么落实）');
    return null;
  }
  const kind = choice(value, 'kind', ANSWER_KINDS, path, report);
  if (kind === null) return null;
  if (kind === 'exhortation') {
    unknownFields(value, ['kind'], path, report);
    if (force !== null && force !== 'exhortation')
      report(path, '只有号召性条款（force: exhortation）可以答为 exhortation');
    return { kind };
  }
  if (kind === 'planned') {
    unknownFields(value, ['kind', 'room'], path, report);
    const room = required(value, 'room', path, report);
    if (room !== null && !(PLANNED_ROOMS as readonly string[]).includes(room))
      report([...path, 'room'], `没有名为 ${room} 的模块`);
    return room === null ? null : { kind, room };
  }
  unknownFields(value, ['kind', 'key', 'keys'], path, report);
  const keys = Object.hasOwn(value, 'keys') ? texts(value, 'keys', path, report) : [];
  const key = optional(value, 'key', path, report);
  const all = key === null ? keys : [key, ...keys];
  if (all.length === 0) report(path, '缺少 key 或 keys');
  const known: readonly string[] | null = kind === 'step' ? STEPS : kind === 'page' ? PAGES : null;
  for (const one of all) {
    if (known !== null && !known.includes(one))
      report(path, `没有名为 ${one} 的${ANSWER_KINDS[kind]}；可用：${known.join('、')}`);
  }
  return all.length === 0 ? null : { kind, keys: all };
}

export const ANSWER_KINDS = {
  parameter: '参数',
  duty: '职责',
  indicator: '指标',
  step: '办理步骤',
  page: '页面',
  planned: '计划中',
  exhortation: '号召',
} as const;
