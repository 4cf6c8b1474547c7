/** A whole policy folder at once: packs, clause texts, vocabulary and calendars, checked against each other. */
import { type RestCalendar, restCalendar } from '../kernel/term.ts';
import { type CalendarYear, parseCalendar } from './calendar.ts';
import { citedBy, TEXT_TITLES } from './citation.ts';
import { type ClauseText, parseClauses } from './clause.ts';
import { ORGANISATION_KINDS, type Pack, parsePack } from './pack.ts';
import type { Is } from './parameter.ts';
import { checkAnswers, type Stack, stackPacks } from './stack.ts';
import { type PolicyFile, type Problem, readYaml } from './yaml.ts';

/** Chinese labels of the codes used in clause files. */
export type Vocabulary = Readonly<
  Record<'actors' | 'kinds' | 'capabilities' | 'mechanisms' | 'texts' | 'codes', Readonly<Record<string, string>>>
>;

export interface Policy {
  readonly packs: readonly Pack[];
  readonly stacks: ReadonlyMap<string, Stack>;
  readonly texts: readonly ClauseText[];
  readonly vocabulary: Vocabulary;
  readonly years: readonly CalendarYear[];
  readonly calendar: RestCalendar;
}

/**
 * `files`: every .yaml file of every policy folder, with paths that use '/'. A folder with pack.yaml is a pack; files in
 * `clauses/` and `calendars/` are what their folder says. All problems come back in one pass, or none and the policy.
 */
export function parsePolicy(files: readonly PolicyFile[]): { policy: Policy } | { problems: Problem[] } {
  const problems: Problem[] = [];
  const yamlFiles = files.filter(({ path }) => path.endsWith('.yaml'));
  const inFolder = (name: string) => yamlFiles.filter(({ path }) => folderOf(path).split('/').at(-1) === name);

  const years: CalendarYear[] = [];
  for (const file of inFolder('calendars')) {
    const parsed = parseCalendar(file);
    if ('problems' in parsed) problems.push(...parsed.problems);
    else if (years.some(({ year }) => year === parsed.calendar.year)) {
      problems.push({ file: file.path, line: 1, message: `${parsed.calendar.year} 年的日历已有一份` });
    } else years.push(parsed.calendar);
  }
  const calendar = restCalendar(years);

  const texts: ClauseText[] = [];
  let vocabulary: Vocabulary = {
    actors: {},
    kinds: {},
    capabilities: {},
    mechanisms: {},
    texts: {},
    codes: ORGANISATION_KINDS,
  };
  for (const file of inFolder('clauses')) {
    if (file.path.endsWith('/vocabulary.yaml') || file.path === 'vocabulary.yaml') {
      vocabulary = parseVocabulary(file, vocabulary, problems);
      continue;
    }
    const parsed = parseClauses(file);
    if ('problems' in parsed) problems.push(...parsed.problems);
    else if (texts.some(({ text }) => text === parsed.clauses.text)) {
      problems.push({ file: file.path, line: 1, message: `条款文本 ${parsed.clauses.text} 已有一份` });
    } else texts.push(parsed.clauses);
  }
  problems.push(...duplicateClauses(texts), ...unlabelledCodes(texts, vocabulary));

  const titles = { ...TEXT_TITLES, ...vocabulary.texts };
  const packs: Pack[] = [];
  const folders = yamlFiles.filter(({ path }) => /(?:^|\/)pack\.yaml$/.test(path)).map(({ path }) => folderOf(path));
  let packsRead = true;
  for (const folder of folders) {
    const own = yamlFiles.filter(({ path }) => folderOf(path) === folder);
    const parsed = parsePack(own, texts, { calendar, titles });
    if ('pack' in parsed) packs.push(parsed.pack);
    else {
      problems.push(...parsed.problems);
      packsRead = false;
    }
  }
  problems.push(...unlabelledValues(packs, vocabulary, titles));
  const known = new Set(folders);
  for (const { path } of yamlFiles) {
    const folder = folderOf(path);
    const special = ['clauses', 'calendars'].includes(folder.split('/').at(-1) ?? '');
    if (!special && !known.has(folder)) problems.push({ file: path, line: 1, message: '所在文件夹没有 pack.yaml' });
  }
  const stacked = stackPacks(packs, titles);
  // What a broken pack would have said is unknown; judging the others against it would report faults that are not there.
  if (packsRead) {
    if ('problems' in stacked) problems.push(...stacked.problems);
    problems.push(...checkAnswers(texts, packs));
  }
  if (problems.length > 0 || 'problems' in stacked) return { problems };
  return { policy: { packs, stacks: stacked.stacks, texts, vocabulary, years, calendar } };
}

function parseVocabulary(file: PolicyFile, given: Vocabulary, problems: Problem[]): Vocabulary {
  const yaml = readYaml(file);
  const vocabulary: Record<keyof Vocabulary, Record<string, string>> = {
    actors: { ...given.actors },
    kinds: { ...given.kinds },
    capabilities: { ...given.capabilities },
    mechanisms: { ...given.mechanisms },
    texts: { ...given.texts },
    codes: { ...given.codes },
  };
  const sections = typeof yaml.value === 'object' && !Array.isArray(yaml.value) ? yaml.value : {};
  for (const [section, labels] of Object.entries(sections)) {
    if (!Object.hasOwn(vocabulary, section)) yaml.report([section], `不认识的字段 ${section}`);
    else if (typeof labels !== 'object' || Array.isArray(labels)) yaml.report([section], '应为“代码: 中文”');
    else {
      for (const [code, label] of Object.entries(labels)) {
        if (typeof label !== 'string' || label === '') yaml.report([section, code], `${code} 缺少中文`);
        else vocabulary[section as keyof Vocabulary][code] = label;
      }
    }
  }
  problems.push(...yaml.problems);
  return vocabulary;
}

function duplicateClauses(texts: readonly ClauseText[]): Problem[] {
  const seen = new Map<string, string>();
  return texts.flatMap((text) =>
    text.clauses.flatMap(({ id, line }) => {
      const other = seen.get(id);
      seen.set(id, text.text);
      return other === undefined
        ? []
        : [{ file: text.file, line, message: `条款编号 ${id} 已在 ${other} 中用过`, clause: id }];
    }),
  );
}

function unlabelledCodes(texts: readonly ClauseText[], vocabulary: Vocabulary): Problem[] {
  return texts.flatMap((text) =>
    text.clauses.flatMap((clause) => {
      const codes: [keyof Vocabulary, string][] = [
        ['kinds', clause.kind],
        ['mechanisms', clause.mechanism],
        ['capabilities', clause.capability],
        ...clause.actors.map((actor): [keyof Vocabulary, string] => ['actors', actor]),
      ];
      return codes
        .filter(([section, code]) => !Object.hasOwn(vocabulary[section], code))
        .map(([section, code]) => ({
          file: text.file,
          line: clause.line,
          message: `vocabulary.yaml 的 ${section} 没有 ${code}`,
          clause: clause.id,
        }));
    }),
  );
}

/** Codes of lists that nobody could read on a screen. */
function unlabelledValues(
  packs: readonly Pack[],
  { codes }: Vocabulary,
  titles: Readonly<Record<string, string>>,
): Problem[] {
  return packs.flatMap((pack) =>
    pack.parameters.flatMap((entry) =>
      entry.values.flatMap(({ is, source }) =>
        codesOf(is)
          .filter((code) => /^[\x20-\x7e]+$/.test(code) && !Object.hasOwn(codes, code))
          .map((code) => ({
            file: entry.file,
            line: entry.line,
            message: `vocabulary.yaml 的 codes 没有 ${code}`,
            clause: citedBy(source, titles)!,
          })),
      ),
    ),
  );
}

function codesOf(is: Is): readonly string[] {
  if (is.kind === 'one') return is.codes;
  return 'items' in is ? is.items.flatMap(codesOf) : [];
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
