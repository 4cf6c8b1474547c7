// Every entity has list, detail, form, history, import, export and print (issue 5): read from the routes, the kinds of rosters, the router and
// the pages themselves. What is left out stands here with its reason, and only as long as it is left out.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { routes } from '../src/app/routes.ts';
import { deedRoster } from '../src/procedures/filings/index.ts';
import { entryContracts, entryKinds } from '../src/registers/entries/contract.ts';
import { registerKinds } from '../src/registers/rosters/index.ts';

const source = join(import.meta.dirname, '../src');
const read = (file: string) => readFileSync(join(source, file), 'utf8');

const facets = ['list', 'detail', 'form', 'history', 'import', 'export', 'print'] as const;
type Facet = (typeof facets)[number];

interface Entity {
  /** The paths of its list and of one of it. */
  list: string;
  detail?: string;
  /** Where one more is registered, other than by the form of its roster. */
  form?: string;
  /** Where its list is exported, if not below the list. */
  export?: string;
  roster?: string;
  /** Why it lacks what it lacks. */
  without?: Partial<Record<Facet, string>>;
}

const byAct = '是办出来的，不是登记的';

const entities: Record<string, Entity> = {
  区划: {
    list: '/api/areas/:code',
    detail: '/api/areas/:code',
    form: '/api/areas',
    export: '/api/areas/export',
    roster: 'areas',
    without: { history: '代码和名称的变更记在留痕里；政策包的适用起止在页面上' },
  },
  单位: { list: '/api/organisations', detail: '/api/organisations/:id', roster: 'organisations' },
  企业: { list: '/api/companies', detail: '/api/companies/:id', roster: 'companies' },
  小区: { list: '/api/estates', detail: '/api/estates/:id', roster: 'estates' },
  房屋: {
    list: '/api/estates/:id/units',
    detail: '/api/units/:id',
    roster: 'units',
  },
  '业主（产权）': {
    list: '/api/owners',
    detail: '/api/people/:id',
    roster: 'units',
  },
  '人员（任职）': {
    list: '/api/posts',
    detail: '/api/people/:id',
    form: '/api/organisations/:id/posts',
    without: { import: '任职是安全管理员凭文件逐项办的事，不成批导入' },
  },
  物业项目: { list: '/api/projects', detail: '/api/projects/:id', roster: 'estates' },
  业委会: { list: '/api/committees', detail: '/api/committees/:id', roster: 'committees' },
  群: { list: '/api/groups', detail: '/api/groups/:id', form: '/api/groups', roster: 'groups' },
  文件: {
    list: '/api/documents',
    detail: '/api/documents/:id',
    form: '/api/documents',
    without: { import: '文件由系统起草、编号，盖章件逐份上传' },
  },
  纠错: {
    list: '/api/corrections',
    detail: '/api/corrections/:id',
    form: '/api/corrections',
    without: { import: `纠错${byAct}` },
  },
  底数摸排: {
    list: '/api/surveys',
    detail: '/api/surveys/:id',
    form: '/api/surveys',
    without: { import: `摸排${byAct}`, export: '一次摸排要报送的是它的核对单，在它的页面上导出' },
  },
  报备: { list: '/api/filings', detail: '/api/filings/:id', form: '/api/filings', roster: 'deeds' },
  督办: {
    list: '/api/directives',
    detail: '/api/directives/:id',
    form: '/api/directives',
    without: { import: `督办${byAct}` },
  },
  义务: {
    list: '/api/duties',
    detail: '/api/duties/:id',
    without: { form: '义务由政策包和底册推算，谁也不能登记', import: '义务由政策包和底册推算，谁也不能导入' },
  },
  ...Object.fromEntries(
    entryKinds.map(({ code, label }) => [
      label,
      { list: `/api/${code}`, detail: `/api/${code}/:id`, form: `/api/${code}`, roster: code },
    ]),
  ),
};

/** Lists of no entity: parts, sums and traces of those above, or nothing anybody keeps. */
const noEntity: Record<string, string> = {
  '/api/areas': '区划一级一级地看：页面上是一个区划和它的下一级',
  '/api/surveys/:id/sheets': '一次摸排的核对单，随摸排',
  '/api/indicators/:id/subjects': '指标背后的名单，随指标',
  '/api/flaws': '看的时候才算出来的问题，不存',
  '/api/absences': '任职的变动，在人的页面里',
  '/api/suspensions': '任职的变动，由安全管理员办',
  '/api/bars': '任职的变动，由安全管理员办',
  '/api/bars/subjects': '只供登记回避时挑选',
  '/api/readings': '查看敏感信息的留痕',
  '/api/me/readings': '查看敏感信息的留痕',
  '/api/erasures': '抹除个人信息的申请，由两个人办',
  '/api/journal': '留痕',
  '/api/clauses': '政策文件的副本，改文件才改',
  '/api/packs': '政策文件的副本，改文件才改',
  '/api/areas/:code/requirements': '政策文件的副本，改文件才改',
  '/api/me/bars': '任职的变动，由安全管理员办',
  '/api/own-rules': '义务清单的一种看法',
  '/api/imports': '导入的经过',
  '/api/imports/:id/rows': '一次导入的各行',
};

// ── What there is

const contracts = routes.map((one) => one.contract);
const at = (method: string, path: string) => contracts.find((one) => one.method === method && one.path === path);
const rosters = new Set([...registerKinds, deedRoster].map((one) => one.code));

/** Contracts by the name under which a page imports them. */
const nameOf = new Map(
  readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('contract.ts'))
    .flatMap((file) => [
      ...read(file).matchAll(/export const (\w+) = contract\(\{\s*method: '(\w+)',\s*path: '([^']+)'/g),
    ])
    .map(([, name, method, path]) => [`${method} ${path}`, name!]),
);
for (const [code, each] of Object.entries(entryContracts))
  for (const [act, { method, path }] of Object.entries(each)) {
    if (!entryKinds.some((kind) => kind.code === code)) throw new Error(code);
    nameOf.set(`${method} ${path}`, `contracts.${act}`);
  }

const router = read('web/console/router.tsx');
/** The pages of the router, and what each is made of: its own file and those of the console it stands on, one step down. */
const pages = [...router.matchAll(/path: '([^']+)', lazy: \(\) => import\('\.\/(pages\/[\w-]+\.tsx)'\)/g)].map(
  ([, path, file]) => {
    const own = read(`web/console/${file}`);
    const below = [...own.matchAll(/from '\.\.\/([\w-]+\.tsx?)'/g)].map(([, name]) => read(`web/console/${name}`));
    return { path: path!, file: file!, own, all: [own, ...below].join('\n') };
  },
);

const says = (text: string, name: string | undefined) =>
  name !== undefined && new RegExp(`(?<![\\w.])${name.replace('.', '\\.')}(?!\\w)`).test(text);

/** The page that turns the pages of its list; an area shows those below it. */
const listPage = (of: Entity) => {
  const name = nameOf.get(`GET ${of.list}`);
  return of.list === of.detail ? detailPage(of) : pages.find(({ own }) => own.includes(`useList(${name},`));
};
/** The page of one: its address ends with the number of it, or it is the area looked at. */
const detailPage = ({ detail }: Entity) => {
  const name = nameOf.get(`GET ${detail}`);
  return pages.find(({ path, own }) => (path.endsWith('/:id') || path === 'areas') && says(own, name));
};
const printable = (page: { own: string } | undefined) =>
  page !== undefined && /<Page\b/.test(page.own) && !page.own.includes('printable={false}');

const has: Record<Facet, (of: Entity) => boolean> = {
  list: (of) => at('GET', of.list) !== undefined && listPage(of) !== undefined,
  detail: (of) => of.detail !== undefined && at('GET', of.detail) !== undefined && detailPage(of) !== undefined,
  form: ({ form, roster }) =>
    form === undefined
      ? roster !== undefined && /<RowForm/.test(pages.find(({ path }) => path === 'imports/new')!.own)
      : at('POST', form) !== undefined && pages.some(({ all }) => says(all, nameOf.get(`POST ${form}`))),
  history: (of) => /<(?:Timeline|Befallen)\b|title="历史"/.test(detailPage(of)?.own ?? ''),
  import: ({ roster }) => roster !== undefined && rosters.has(roster),
  export: ({ list, export: path = `${list}/export` }) => {
    return (
      at('GET', path)?.output === 'workbook' &&
      pages.some(({ own }) =>
        new RegExp(`<ExportButton\\s+of=\\{${nameOf.get(`GET ${path}`)?.replace('.', '\\.')}\\}`).test(own),
      )
    );
  },
  print: (of) => printable(listPage(of)) && (of.detail === undefined || printable(detailPage(of))),
};

describe('每一种底册和记录', () => {
  it('看得见：接口、名册、页面都读到了', () => {
    expect(contracts.length).toBeGreaterThan(150);
    expect(pages.length).toBeGreaterThan(50);
    expect(nameOf.size).toBeGreaterThan(150);
    expect(rosters.size).toBeGreaterThan(15);
  });

  it.each(Object.entries(entities))('%s：清单、详情、表单、历史、导入、导出、打印，缺的写明为什么', (_, of) => {
    const lacking = facets.filter((facet) => !has[facet](of));
    expect(lacking).toEqual(facets.filter((facet) => of.without?.[facet] !== undefined));
    for (const reason of Object.values(of.without ?? {})) expect(reason.length).toBeGreaterThan(4);
  });

  it('每一张成页的清单都是其中一种，或写明不是：新的清单不写就不通过', () => {
    const lists = contracts
      .filter(
        ({ method, output }) =>
          method === 'GET' && typeof output !== 'string' && 'rows' in ((output as { shape?: object }).shape ?? {}),
      )
      .map((one) => one.path);
    expect(lists.length).toBeGreaterThan(25);
    const known = Object.values(entities).map((one) => one.list);
    expect(lists.filter((path) => !known.includes(path) && noEntity[path] === undefined)).toEqual([]);
    expect(Object.keys(noEntity).filter((path) => !lists.includes(path as never) || known.includes(path))).toEqual([]);
  });

  it('每一种名册都是其中一种的', () => {
    expect(new Set(Object.values(entities).flatMap((one) => one.roster ?? []))).toEqual(rosters);
  });
});
