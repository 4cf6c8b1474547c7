// docs/glossary.yaml against the code: every word of the code has its entry, and no banned synonym has crept in.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SUBJECTS } from '../src/law/conditions.ts';
import { ORGANISATION_KINDS, RECIPIENTS } from '../src/law/pack.ts';
import { EFFECTS, FORCES, RANKS, STATUSES } from '../src/law/parameter.ts';
import { standingLabels } from '../src/oversight/duties/contract.ts';
import { organisationKinds } from '../src/registers/organisations/contract.ts';

interface Entry {
  term: string;
  identifier: string;
  means: string;
  also?: string[];
  codes?: string[];
  not?: string[];
}

const root = join(import.meta.dirname, '..');
const sections = parse(readFileSync(join(root, 'docs/glossary.yaml'), 'utf8')) as Record<string, Entry[]>;
const entries = Object.values(sections).flat();

const filesIn = (folder: string, pattern: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) => pattern.test(file));

/** `ownersCommittee`, `owners-committee` and `OWNERS_COMMITTEE` are the same two words. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Whether the words of a banned synonym stand side by side in a name, also in the plural. */
function says(name: readonly string[], banned: readonly string[]): boolean {
  const same = (word: string | undefined, other: string) =>
    word === other || word === `${other}s` || word === other.replace(/y$/, 'ies');
  return name.some((_, at) => banned.every((word, place) => same(name[at + place], word)));
}

/** Names in a source without its comments. Strings stay: the codes in them are our words too. */
function namesIn(source: string): Set<string> {
  const text = source.replaceAll(/\/\*[\s\S]*?\*\//g, ' ').replaceAll(/(^|\s)\/\/.*$/gm, ' ');
  return new Set(text.match(/[A-Za-z][\w-]*/g));
}

function repeated(values: readonly string[]): string[] {
  return values.filter((value, at) => values.indexOf(value) !== at);
}

describe('词汇表', () => {
  it('每一条写法完整：术语、标识符、一行释义', () => {
    expect(entries.length).toBeGreaterThan(100);
    for (const entry of entries) {
      expect(
        Object.keys(entry).filter((field) => !['term', 'identifier', 'means', 'also', 'codes', 'not'].includes(field)),
        entry.term,
      ).toEqual([]);
      expect(entry.term, JSON.stringify(entry)).toMatch(/^[^A-Za-z]+$/);
      expect(entry.identifier, entry.term).toMatch(/^[a-z][A-Za-z]*$/);
      expect(entry.means, entry.term).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('一个术语一个标识符：都不重复', () => {
    expect(repeated(entries.flatMap((entry) => [entry.term, ...(entry.also ?? [])]))).toEqual([]);
    expect(repeated(entries.map((entry) => entry.identifier))).toEqual([]);
    expect(repeated(entries.flatMap((entry) => entry.codes ?? []))).toEqual([]);
  });

  const vocabularies: Record<string, Readonly<Record<string, string>>> = {
    对象: Object.fromEntries(Object.entries(SUBJECTS).map(([code, { label }]) => [code, label])),
    单位类别: ORGANISATION_KINDS,
    单位类别的页面名称: organisationKinds,
    履行对象: RECIPIENTS,
    义务的状态: standingLabels,
    效力: FORCES,
    位阶: RANKS,
    文本状态: STATUSES,
    后果: EFFECTS,
  };
  it.each(Object.entries(vocabularies))('代码里的%s，词汇表都有，且名称一致', (_, labels) => {
    expect(Object.keys(labels).length).toBeGreaterThan(2);
    const missing = Object.entries(labels).filter(([code, label]) => {
      const entry = entries.find((one) => one.codes?.includes(code));
      return !entry || ![entry.term, ...(entry.also ?? [])].includes(label);
    });
    expect(missing).toEqual([]);
  });

  it('每一张数据表都有它的词', () => {
    const tables = filesIn('migrations', /\.sql$/).flatMap((file) =>
      [
        ...readFileSync(join(root, 'migrations', file), 'utf8').matchAll(
          /^create table (?:if not exists )?\w+\.(\w+)/gm,
        ),
      ].map((match) => match[1]!),
    );
    expect(tables.length).toBeGreaterThan(30);
    expect(tables.filter((table) => !entries.some((entry) => entry.codes?.includes(table)))).toEqual([]);
  });

  const banned = entries.flatMap((entry) =>
    (entry.not ?? []).map((synonym) => ({ synonym, words: wordsOf(synonym), entry })),
  );

  it('停用的同义词没有一个是正在用的词', () => {
    expect(banned.length).toBeGreaterThan(50);
    const used = entries.flatMap((entry) => [entry.identifier, ...(entry.codes ?? [])]).map(wordsOf);
    expect(banned.filter(({ words }) => used.some((name) => says(name, words))).map(({ synonym }) => synonym)).toEqual(
      [],
    );
  });

  it('停用的同义词不出现在 src 里', () => {
    // Tests may quote a wrong word to see it refused.
    const files = filesIn('src', /\.tsx?$/).filter((file) => !/\.test\.tsx?$/.test(file));
    expect(files.length).toBeGreaterThan(100);
    const found = files.flatMap((file) =>
      [...namesIn(readFileSync(join(root, 'src', file), 'utf8'))].flatMap((name) => {
        const own = wordsOf(name);
        return banned
          .filter(({ words }) => says(own, words))
          .map(({ synonym, entry }) => `${file}：${name} 用了“${synonym}”，${entry.term}应写作 ${entry.identifier}`);
      }),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ['listTickets', 'ticket', true],
    ['TICKET_LIMIT', 'ticket', true],
    ['ticketing', 'ticket', false],
    ['fired', 'fire', false],
    ['openGeneralMeeting', 'generalMeeting', true],
    ['generalTitleOfMeeting', 'generalMeeting', false],
    ['duties-liability', 'liability', true],
    ['liabilities', 'liability', true],
  ])('认得出停用的词：%s 与 %s', (name, synonym, answer) => {
    expect(says(wordsOf(name), wordsOf(synonym))).toBe(answer);
  });

  it('注释里说起停用的词不算用它，代码里算', () => {
    expect([...namesIn('/** No ticket. */\nconst request = 1; // never a ticket')]).not.toContain('ticket');
    expect([...namesIn("const kind = 'ticket';")]).toContain('ticket');
  });
});
