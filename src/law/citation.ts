/** Where a requirement is written, and how a citation reads in Chinese. Texts are cited, never copied. */
import type { Source } from '../kernel/results.ts';
import type { Path, Plain, Report } from './yaml.ts';

export type { Source } from '../kernel/results.ts';

/** What a citation needs to know about the text that holds a clause. */
export interface CitedClause {
  readonly section: string;
  readonly number: string;
}

/** Names of the national texts that packs cite by code; policy/clauses/vocabulary.yaml may add more under `texts`. */
export const TEXT_TITLES: Readonly<Record<string, string>> = {
  'civil-code': '民法典',
  'property-regulation': '物业管理条例',
  'assembly-guidance': '业主大会和业主委员会指导规则',
  'maintenance-fund-measures': '住宅专项维修资金管理办法',
  'party-branch-regulation': '中国共产党支部工作条例（试行）',
  'party-terms-opinion': '关于党的基层组织任期的意见',
  platform: '平台约定',
};

/** '《民法典》第二百七十八条第二款' or '泉鲤建〔2024〕25号 三（三）（LC-3.3i）'. */
export function formatSource(
  source: Source,
  {
    clauseOf = () => undefined,
    titles = TEXT_TITLES,
  }: {
    clauseOf?: (id: string) => CitedClause | undefined;
    titles?: Readonly<Record<string, string>>;
  } = {},
): string {
  if ('text' in source) {
    return source.text === 'platform' ? source.article : `《${titles[source.text] ?? source.text}》${source.article}`;
  }
  return source.clauses
    .map((id) => {
      const clause = clauseOf(id);
      return clause === undefined ? id : `${clause.number} ${clause.section}（${id}）`;
    })
    .join('；');
}

/** The one clause or article that a problem names. */
export function citedBy(source: Source | undefined, titles: Readonly<Record<string, string>>): string | undefined {
  if (source === undefined) return undefined;
  return 'clauses' in source ? source.clauses[0] : formatSource(source, { titles });
}

/** Reads `{ clause: … }`, `{ clauses: […] }` or `{ text: …, article: … }`. */
export function parseSource(value: Plain | undefined, path: Path, report: Report): Source | null {
  const shape = '应写作 { clause: 条款编号 }、{ clauses: [条款编号, …] } 或 { text: 文本, article: 第几条 }';
  if (typeof value !== 'object' || Array.isArray(value)) {
    report(path, `source ${shape}`);
    return null;
  }
  const fields = Object.keys(value).sort().join();
  const { clause, clauses, text, article } = value;
  if (fields === 'clause' && typeof clause === 'string' && clause !== '') return { clauses: [clause] };
  if (fields === 'clauses' && Array.isArray(clauses) && clauses.length > 0 && clauses.every(isText)) return { clauses };
  if (fields === 'article,text' && isText(text) && isText(article)) return { text, article };
  report(path, `source ${shape}`);
  return null;
}

function isText(value: Plain | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
