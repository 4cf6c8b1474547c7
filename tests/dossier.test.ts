// 一小区一档, through every room of the program: asked for, written by the worker, fetched, unpacked.

import JSZip from 'jszip';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes, tasks } from '../src/app/routes.ts';
import { collectRows, readWorkbook } from '../src/platform/spreadsheets/index.ts';
import { dossierPage, fileName } from '../src/registers/exports/rules.ts';
import { type District, password, testDistrict, today } from './district.ts';
import { requireHere } from './requirements.ts';
import { type Site, testSite } from './site.ts';

let district: District;
let site: Site;
const cookies: Record<string, string> = {};
beforeAll(async () => {
  district = await testDistrict();
  await requireHere(district);
  site = await testSite(district, routes);
  for (const name of ['区住建局', '东湖街道', '安居物业', '业主邓小舟'])
    cookies[name] = await site.signIn(name, password);
});
afterAll(async () => {
  await site?.close();
  await district?.close();
});

const scan = (text: string) => Buffer.from(`%PDF-1.4 ${text}`);

/** A notice about the estate with two sealed copies, one still a draft, and a deed of its committee with its picture. */
async function somethingToKeep(): Promise<void> {
  const draft = async (title: string) => {
    const given = { title, text: '因检修，明日停水。', isPublic: true, estate: district.estates.garden };
    const reply = await site.post('/api/documents', given, cookies.东湖街道);
    expect(reply.statusCode, reply.body).toBe(200);
    return reply.json().id as number;
  };
  const id = await draft('关于停水的通知');
  await draft('还没有盖章的通知');
  for (const [at, words] of ['错字的', '改正的'].entries()) {
    const number = encodeURIComponent(`东街〔2026〕${at + 1}号`);
    const address = `/api/documents/${id}/sealed-copies?documentNumber=${number}&issuedOn=${today}&name=${encodeURIComponent('停水盖章件.pdf')}`;
    expect((await site.upload(address, scan(words), cookies.东湖街道!)).statusCode).toBe(200);
  }
  const deed = {
    ...{ matter: 'disclosure.workingFund', subjectKind: 'committees', subjectId: String(district.committee) },
    ...{ period: '2026-Q3', doneOn: '2026-09-20', evidence: 'to-follow' },
  };
  const filed = await site.post('/api/filings', deed, cookies.东湖街道);
  expect(filed.statusCode, filed.body).toBe(200);
  const evidence = (id: number, name: string) =>
    site.upload(`/api/filings/${id}/evidence?name=${encodeURIComponent(name)}`, scan('照片'), cookies.东湖街道!);
  expect((await evidence(filed.json().id, '公示栏.jpg')).statusCode).toBe(200);
  const wrong = (
    await site.post('/api/filings', { ...deed, period: '2026-Q2', doneOn: '2026-06-20' }, cookies.东湖街道)
  ).json();
  expect((await evidence(wrong.id, '报错的.jpg')).statusCode).toBe(200);
  const taken = await site.post(`/api/filings/${wrong.id}/withdrawal`, { reason: '报错了期间' }, cookies.东湖街道);
  expect(taken.statusCode, taken.body).toBe(200);
}

const path = '/api/estates/:id/dossier';
const ask = (name: string, id: number) => site.post('/api/exports', { path, input: { id } }, cookies[name]);

async function dossier(name: string): Promise<{ zip: JSZip; name: string }> {
  const asked = await ask(name, district.estates.garden);
  expect(asked.statusCode, asked.body).toBe(200);
  const { id } = asked.json() as { id: number };
  await tasks['exports:write']!({ id } as never, { system: site.system, signal: new AbortController().signal });
  const listed = (await site.get('/api/exports', cookies[name]))
    .json()
    .items.find((one: { id: number }) => one.id === id);
  expect(listed).toMatchObject({ state: 'ready', label: '一小区一档' });
  const reply = await site.post(`/api/exports/${id}/file`, {}, cookies[name]);
  expect(reply.statusCode, reply.body).toBe(200);
  return { zip: await JSZip.loadAsync(reply.rawPayload), name: listed.name };
}

const filesOf = (zip: JSZip) => Object.keys(zip.files).sort();
const kinds = (zip: JSZip) =>
  filesOf(zip).flatMap((one) => (one.startsWith('清单/') ? [one.replace(/^清单\/\d+-|\.xlsx$/g, '')] : []));

async function words(zip: JSZip, part: RegExp): Promise<string> {
  const name = filesOf(zip).find((one) => part.test(one))!;
  const read = await readWorkbook(await zip.file(name)!.async('nodebuffer'), { name });
  if (!read.ok) throw new Error(read.problem);
  const rows = await collectRows(read.sheets[0]!);
  if (!rows.ok) throw new Error(rows.problem);
  return JSON.stringify(rows.rows);
}

describe('文件名', () => {
  it.each([
    ['../../etc/passwd', '001-__.._etc_passwd'],
    ['a\\b:c*?"<>|.pdf', '001-a_b_c______.pdf'],
    ['换\n行.jpg', '001-换_行.jpg'],
    ['公示栏.jpg', '001-公示栏.jpg'],
  ])('%j 在哪个系统上都解得开，也出不了自己的文件夹', (name, expected) => {
    const given = fileName(1, name);
    expect(given).not.toMatch(/[\\/:*?"<>|\n]/);
    expect(given).toMatch(/^001-/);
    expect(given).toBe(expected);
  });

  it('目录里别人起的名字只是文字', () => {
    const page = dossierPage({
      ...{
        estate: '<b>园',
        parts: [{ what: '<script>', path: '文件/001-"><img>.pdf' }],
        today,
        by: '某人',
        demo: false,
      },
    });
    expect(page).not.toMatch(/<script|<img|<b>/);
    expect(page).not.toContain('演示数据');
  });
});

describe('一小区一档', () => {
  it('有各本底册、义务、报备，盖章的文件取最后一份，有报备材料和目录', async () => {
    await somethingToKeep();
    const { zip, name } = await dossier('东湖街道');
    expect(name).toMatch(/^春江花园.*-一小区一档-2026-11-22\.zip$/);
    for (const list of ['小区', '房屋', '业主', '业主组织', '物业项目', '报备清单', '义务清单', '群台账'])
      expect(kinds(zip).join('、'), list).toContain(list);
    const files = filesOf(zip).filter((one) => !one.startsWith('清单/'));
    expect(files).toEqual(['报备材料/001-公示栏.jpg', '文件/001-停水盖章件.pdf', '目录.html'].sort());
    expect(await zip.file('文件/001-停水盖章件.pdf')!.async('nodebuffer')).toEqual(scan('改正的'));
    expect(await zip.file('报备材料/001-公示栏.jpg')!.async('nodebuffer')).toEqual(scan('照片'));
    expect(await words(zip, /-小区\.xlsx/)).toContain('春江花园');
    const page = await zip.file('目录.html')!.async('string');
    for (const said of ['春江花园', '口径', today, '陈晓岚', '演示数据', '关于停水的通知', '没有登记的为空'])
      expect(page, said).toContain(said);
    const linked = [...page.matchAll(/href="([^"]+)"/g)].map(([, href]) => decodeURIComponent(href!));
    expect(linked.sort()).toEqual(filesOf(zip).filter((one) => one !== '目录.html'));
  });

  it('别的小区的一样没有；电话没有一个是全的；企业拿到的没有业主名册；看不见这个小区的如同没有', async () => {
    const { zip } = await dossier('区住建局');
    for (const list of filesOf(zip).filter((one) => one.startsWith('清单/'))) {
      const text = await words(zip, new RegExp(list.replaceAll(/[()]/g, '.')));
      expect(text, list).not.toMatch(/(?<!\d)1\d{10}(?!\d)/);
      expect(text, list).not.toContain('石桥新村');
    }
    const company = await dossier('安居物业');
    expect(kinds(company.zip)).toContain('义务清单');
    expect(kinds(company.zip)).not.toContain('业主');
    for (const [name, id, status] of [
      ['东湖街道', district.estates.garden, 413],
      ['东湖街道', 999_999, 404],
      ['业主邓小舟', district.estates.garden, 403],
    ] as const)
      expect((await site.get(`/api/estates/${id}/dossier`, cookies[name])).statusCode, `${name} ${id}`).toBe(status);
  });
});
