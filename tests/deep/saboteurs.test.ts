// A saboteur per guarantee: a database is spoilt in a clone, or a source file in a copy, and the check that guards it must turn red.
// A check that stays green here guards nothing.

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { divisionRange } from '../../src/kernel/identifiers.ts';
import { localDate } from '../../src/kernel/local-date.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { type Actor, type Database, openDatabase, sql } from '../../src/platform/database.ts';
import { openFileStore } from '../../src/platform/files.ts';
import { buildServer, type Person, type Route } from '../../src/platform/http.ts';
import * as identities from '../../src/platform/identity-provider.ts';
import { jobs } from '../../src/platform/jobs.ts';
import { record, record as recordEvent } from '../../src/platform/journal.ts';
import { keysFrom } from '../../src/platform/keys.ts';
import * as passkeys from '../../src/platform/passkeys.ts';
import type * as secondFactor from '../../src/platform/second-factor.ts';
import { createAccount, door, hashPassword, type signIn } from '../../src/platform/sign-in.ts';
import { codeOf, stepAt } from '../../src/platform/totp.ts';
import { verifyWith } from '../../src/platform/verify-journal.ts';
import { seal } from '../../src/platform/witnessing/index.ts';
import { fileDeed } from '../../src/procedures/filings/index.ts';
import { routes as activations } from '../../src/registers/activations/index.ts';
import { routes as people, resolvePerson } from '../../src/registers/people/index.ts';
import { type CheckName, checks } from '../catalog.ts';
import { codes, type District, password, testDistrict, today } from '../district.ts';
import { testProvider } from '../provider.ts';
import {
  differences,
  growWorld,
  type Listed,
  type ListName,
  leftovers,
  mixedUp,
  seenBy,
  type World,
  wholeLists,
} from '../sight.ts';
import { softAuthenticator } from '../soft-authenticator.ts';
import { spoils } from '../spoils.ts';
import { brokenChains, spoiltRows, unchainedReads, unnamedDeputies, untraced } from '../traces.ts';

const root = resolve(import.meta.dirname, '../..');

let district: District;
let world: World;
let wholes: Map<ListName, Listed>;
let officer: Person;
let loginUrl: URL;
let prefix: string;
/** The last of the world's own filings; they came in together, with one event. */
let filed: number;
beforeAll(async () => {
  district = await testDistrict();
  world = await growWorld(district, 7, { indicators: 9 });
  wholes = await wholeLists(district.database, world);
  officer = (await district.database.transaction({ standing: 'door', today }, (tx) =>
    resolvePerson(tx, district.accounts.lin, null),
  ))!;
  loginUrl = new URL(district.database.pool.options.connectionString!);
  prefix = district.database.prefix;
  filed = Math.max(...world.rows.filings.map((one) => one.id));
  blindly = await mutated<{ openDatabase: typeof openDatabase }, typeof openDatabase>(
    'src/platform/database.ts',
    'problems.length > 0',
    'problems.length > 9_999',
    async (module) => module.openDatabase,
  );
  await district.database.close(); // nobody may be connected to a database while it is cloned
});
afterAll(async () => {
  const { adminUrls } = inject('testServer');
  await asAdministrator(
    adminUrls.postgres,
    `drop database ${new URL(district.adminUrl).pathname.slice(1)} with (force)`,
  );
});

async function asking<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}

async function asAdministrator(url: string, statements: string): Promise<void> {
  await asking(url, (client) => client.query(statements));
}

interface Clone {
  adminUrl: string;
  loginUrl: string;
}

let clones = 0;
/** The world once more, spoilt by statements of the superuser, for as long as `look` looks. */
async function spoilt<T>(statements: string, look: (clone: Clone) => Promise<T>): Promise<T> {
  const { adminUrls } = inject('testServer');
  const source = new URL(district.adminUrl).pathname.slice(1);
  clones += 1;
  const name = `${source.slice(0, 50)}x${process.pid}_${clones}`;
  await asAdministrator(adminUrls.postgres, `create database ${name} template ${source}`);
  const [admin, login] = [new URL(district.adminUrl), new URL(loginUrl)];
  admin.pathname = login.pathname = `/${name}`;
  try {
    if (statements !== '') await asAdministrator(admin.href, statements.replaceAll('gongzhi_', `${prefix}_`));
    return await look({ adminUrl: admin.href, loginUrl: login.href });
  } finally {
    await asAdministrator(adminUrls.postgres, `drop database ${name} with (force)`);
  }
}

/** A start that looks away: the boot checks refuse most of what is spoilt here, and what stands behind them is to be seen too. */
let blindly: typeof openDatabase;

async function opened<T>(
  url: string,
  work: (database: Database) => Promise<T>,
  open: typeof openDatabase = blindly,
  connections = 4,
): Promise<T> {
  const database = await open({ url, connections });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** The source in a copy with one sentence changed; the sentence must stand there, or the saboteur did nothing. */
function mutated<Module, T>(file: string, from: string, to: string, look: (module: Module) => Promise<T>): Promise<T> {
  return mutatedAll(file, from, to, async (load) => look(await load<Module>(file)));
}

/** The same, for a sentence that is looked at through other files of the copy. */
async function mutatedAll<T>(
  file: string,
  from: string,
  to: string,
  look: (load: <Module>(file: string) => Promise<Module>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'gongzhi-mutant-'));
  try {
    for (const part of ['src', 'migrations']) cpSync(join(root, part), join(folder, part), { recursive: true });
    cpSync(join(root, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text, file).toContain(from);
    writeFileSync(
      join(folder, file),
      text.replaceAll(from, () => to),
    );
    return await look(async (loaded) => import(/* @vite-ignore */ pathToFileURL(join(folder, loaded)).href));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// ── The checks, as the everyday tests run them

/** Row-level security against the model, for one of each kind of asker. */
async function sightFaults(url: string): Promise<string[]> {
  const kinds = [
    '视野 区住建局',
    '视野 东湖街道',
    '视野 代专员',
    '视野 须回避的人1',
    '视野 须回避的企业人员',
    '视野 停职的人',
    '视野 返岗后的代理',
    '视野 昨日离任的人',
    '视野 本区security',
    '视野 本区audit',
    '视野 春江社区',
    '视野 邻区住建局',
    `视野 单位${district.organisations.company}`,
    `视野 单位${district.organisations.otherCompany}`,
    `视野 单位${district.committee}`,
    '无范围的 office',
  ];
  const owner = world.personas.filter((one) => one.who.kind === 'resident').slice(0, 3);
  return opened(url, async (database) => {
    const found: string[] = [];
    for (const persona of [...world.personas.filter((one) => kinds.includes(one.name)), ...owner])
      found.push(...(await differences(database, world, persona, wholes)));
    return found;
  });
}

const bureau = (): Actor => ({
  standing: 'office',
  ...divisionRange(codes.district),
  today,
  personId: district.people.lin,
  organisationId: district.organisations.bureau,
  postId: district.posts.linBureau,
});

/** A change without a trace must be refused: the sentence of the refusal, or what went through. */
function unrecordedChange(url: string): Promise<string> {
  return opened(url, (database) =>
    database
      .transaction(bureau(), (tx) =>
        sql`update registers.estate set households = 1 where id = ${district.estates.garden}`.execute(tx),
      )
      .then(
        () => '没有拒绝',
        (error: Error) => error.message,
      ),
  );
}

/** Files a quarterly report that is still owed, by the command given, and answers the sentence of its refusal or failure. */
function fileBy(url: string, file: typeof fileDeed): Promise<string> {
  return opened(url, (database) =>
    database
      .transaction(officer.actor, async (tx) => {
        const { rows } = await sql<{ id: string; period: string }>`
          select subject_id as id, period from oversight.duty_standing where matter = 'reports.quarterly' and standing = 'overdue' order by due_on desc limit 1`.execute(
          tx,
        );
        const { id, period } = rows[0]!;
        return file(
          tx,
          officer,
          {
            matter: 'reports.quarterly',
            subjectKind: 'subdistricts',
            subjectId: id,
            period,
            doneOn: today,
            evidence: 'none',
          },
          localDate(today),
        );
      })
      .then(
        (answer) => ('matter' in answer ? '已报备' : JSON.stringify(answer)),
        (error: Error) => error.message,
      ),
  );
}

describe('没有破坏时，每一项检查都是绿的', () => {
  it('视野、留痕、链、拒绝', async () => {
    expect(filed).toBeGreaterThan(100);
    await spoilt('', async ({ adminUrl, loginUrl: url }) => {
      expect(await sightFaults(url)).toEqual([]);
      expect(await brokenChains(adminUrl)).toEqual([]);
      expect(await spoiltRows(adminUrl)).toEqual([]);
      expect(await unrecordedChange(url)).toBe('改动了 registers.estate 却没有留痕，拒绝提交');
      expect(await fileBy(url, fileDeed)).toBe('已报备');
      expect(await untraced(adminUrl, filed)).toEqual([]);
      expect(await brokenChains(adminUrl)).toEqual([]);
      await opened(url, async (shared) => {
        expect(await opened(url, (alone) => mixedUp({ alone, shared, world, requests: 40, seed: 3 }))).toEqual([]);
        expect(await leftovers(shared, 4)).toEqual([]);
      });
    });
  });
});

describe('目录被破坏：目录的检查变红', () => {
  it.each(spoils.filter((one) => !/role|grant gongzhi_/.test(one.statements)))(
    '$check：$title',
    async ({ check, statements, fault }) => {
      await spoilt(statements, async ({ adminUrl }) => {
        const client = new pg.Client({ connectionString: adminUrl });
        await client.connect();
        try {
          const faults = await checks[check as CheckName](client, prefix);
          expect(faults.map((one) => one.replaceAll(`${prefix}_`, 'gongzhi_'))).toContain(fault);
        } finally {
          await client.end();
        }
      });
    },
  );
});

describe('行级安全被破坏：视野的检查变红', () => {
  it.each([
    [
      '小区对所有机关可见',
      'drop policy office on registers.estate; create policy office on registers.estate to gongzhi_office using (true)',
      /不该看见小区/,
    ],
    ['小区的机关策略被删', 'drop policy office on registers.estate', /该看见小区/],
    ['义务的视图以所有者身份读', 'alter view oversight.duty_standing set (security_invoker = false)', /不该看见义务/],
    ['事实函数以所有者身份读', 'alter function registers.fact_committees security definer', /不该看见指标对象/],
    [
      '业主能看邻居的房屋',
      'create policy more on registers.unit for select to gongzhi_resident using (estate_id = any (platform.my_estates()))',
      /视野 业主\d+ 不该看见房屋/,
    ],
    [
      '企业能看业主姓名',
      'create policy more on registers.person for select to gongzhi_body using (true)',
      /视野 单位\d+ 不该看见业主/,
    ],
    [
      '企业能看全部冻结名单',
      'create policy more on oversight.indicator_base_subject for select to gongzhi_body using (true)',
      /不该看见指标对象/,
    ],
    [
      '须回避的人看得见冻结名单',
      'drop policy keep_out on oversight.indicator_base_subject',
      /须回避的\S+ 不该看见指标对象/,
    ],
    [
      '企业能看全部督办',
      'create policy more on oversight.directive for select to gongzhi_body using (true)',
      /不该看见督办/,
    ],
    ['须回避的人看得见督办', 'drop policy keep_out on oversight.directive', /须回避的人\d+ 不该看见督办/],
    [
      '企业能看网格员',
      'create policy more on registers.grid_worker for select to gongzhi_body using (true)',
      /视野 单位\d+ 不该看见网格员/,
    ],
    ['企业看不见自己小区的打包', 'drop policy mine on registers.bundle_estate', /该看见捆绑打包/],
    [
      '起草稿对收件单位可见',
      `drop policy sealed on documents.document; create policy sealed on documents.document for select to gongzhi_office, gongzhi_body
         using (platform.in_scope(scope) or to_id = (select platform.my_organisation()) or is_public)`,
      /不该看见文件/,
    ],
    [
      '街道看得见别的街道的摸排',
      'create policy more on registers.survey for select to gongzhi_office using (true)',
      /不该看见摸排/,
    ],
    ['须回避的人看得见纠错', 'drop policy keep_out on registers.correction', /须回避的人\d+ 不该看见纠错/],
    [
      '上级看得见别的单位的纠错',
      'drop policy keeper on registers.correction; create policy keeper on registers.correction for select to gongzhi_office using (platform.in_scope(scope))',
      /不该看见纠错/,
    ],
    [
      '辖区外的单位看得见写给它的纠错',
      'drop policy keeper on registers.correction; create policy keeper on registers.correction for select to gongzhi_office using (keeper_id = (select platform.my_organisation()))',
      /不该看见纠错/,
    ],
    ['须回避的人看得见文件', 'drop policy keep_out_body on documents.document', /须回避的人\d+ 不该看见文件/],
    ['免除对企业不可见', 'drop policy mine on oversight.waiver', /的 standing 是 \S+，应是 waived/],
    ['暂停对企业不可见', 'drop policy mine on oversight.pause', /视野 单位\d+ 看见的义务/],
    ['等待对企业不可见', 'drop policy mine on oversight.wait', /视野 单位\d+ 看见的义务/],
    [
      '对免除的确认，业主看不见',
      'drop policy of_waiver on oversight.waiver_decision',
      /的 standing 是 \S+，应是 waived/,
    ],
    ['撤回对业主不可见', 'drop policy of_estate on filings.withdrawal', /视野 业主\d+ 看见的(报备|义务)/],
    ['别人代报的，责任企业看不见', 'drop policy about_me on filings.filing', /视野 单位\d+ (该看见报备|看见的义务)/],
    [
      '服务已结束的企业仍算在管',
      `create or replace function registers.estates_of(in_person int, in_organisation int, in_today date) returns int[]
         language sql stable security definer set search_path = pg_catalog, registers, pg_temp
         as $$ select coalesce(array_agg(estate_id), '{}') from registers.service_project where company_id = in_organisation $$`,
      /不该看见小区/,
    ],
    ['须回避的小区仍看得见', 'drop policy keep_out on registers.estate', /视野 须回避的人1 不该看见小区/],
    ['须回避的企业仍看得见', 'drop policy keep_out on registers.company', /视野 须回避的人1 不该看见企业/],
    [
      '回避成了准许：不再压倒其他策略',
      `drop policy keep_out on oversight.duty; create policy keep_out on oversight.duty for select to gongzhi_office
         using ((scope = any ((select platform.barred_scopes())::text[])) is not true)`,
      /视野 须回避的人1 不该看见义务/,
    ],
    [
      '事务之始不问任职',
      `create or replace function platform.enter() returns boolean language plpgsql security definer set search_path = pg_catalog, registers, pg_temp
         as $$ begin perform set_config('app.admitted', 'yes', true), set_config('app.barred_scopes', '{}', true), set_config('app.barred_bodies', '{}', true); return true; end $$`,
      /视野 (停职的人|昨日离任的人|返岗后的代理) 不该看见/,
    ],
    [
      '停职不作数',
      `create or replace function registers.posts_held(in_person int, in_day date) returns table (post_id int, behalf_id int) language sql stable
         as $$ select o.id, null::int from registers.post o where o.person_id = in_person and o.from_on <= in_day and coalesce(o.to_on, 'infinity') > in_day $$`,
      /视野 停职的人 不该看见/,
    ],
    [
      '离任不作数',
      `create or replace function registers.posts_held(in_person int, in_day date) returns table (post_id int, behalf_id int) language sql stable
         as $$ select o.id, null::int from registers.post o where o.person_id = in_person $$`,
      /视野 昨日离任的人 不该看见/,
    ],
    [
      '返岗之后仍代理',
      `create or replace function registers.posts_held(in_person int, in_day date) returns table (post_id int, behalf_id int) language sql stable
         as $$ select o.id, nullif(o.person_id, in_person) from registers.post o left join registers.deputy d on d.post_id = o.id and d.person_id = in_person
           where o.person_id = in_person or d.id is not null order by (o.person_id = in_person) $$`,
      /视野 返岗后的代理 不该看见/,
    ],
    [
      '安全管理员看得见全部留痕',
      'create policy more on platform.journal for select to gongzhi_security using (true)',
      /视野 本区security 不该看见留痕/,
    ],
    [
      '审计管理员看得见邻区',
      'drop policy audited on platform.journal; create policy audited on platform.journal for select to gongzhi_audit using (true)',
      /视野 本区audit 不该看见留痕/,
    ],
    [
      '管理员看得见义务',
      'create policy more on oversight.duty for select to gongzhi_security using (true)',
      /视野 本区security 不该看见义务/,
    ],
  ])('%s', async (_, statements, fault) => {
    const found = await spoilt(statements, async ({ loginUrl: url }) => {
      // The actors come through the same door as a sign-in, after the spoiling.
      const personas = await opened(url, (database) =>
        Promise.all(
          world.personas.map(async (persona) => {
            const { personId, postId } = persona.actor;
            if (personId === undefined || persona.ended) return persona;
            const actor = await database.transaction({ standing: 'door', today }, async (tx) => {
              const { rows } = await sql<{
                account: number;
              }>`select account_id as account from registers.person where id = ${personId}`.execute(tx);
              return (await resolvePerson(tx, rows[0]!.account, postId ?? null))!.actor;
            });
            return { ...persona, actor };
          }),
        ),
      );
      const before = world;
      world = { ...world, personas };
      try {
        return await sightFaults(url);
      } finally {
        world = before;
      }
    });
    expect(
      found.some((one) => fault.test(one)),
      found.slice(0, 3).join('\n'),
    ).toBe(true);
  });
});

describe('准入被破坏：没有经过准入的会话不再什么也看不见', () => {
  it.each([
    [
      '问回避时忘了问准入',
      `alter policy keep_out on registers.estate
         using ((scope = any ((select nullif(current_setting('app.barred_scopes', true), '')::text[])::text[])) is not true)`,
      'office registers.estate',
    ],
    ['谁都看得见的表不问准入', 'drop policy admitted on registers.area', 'resident registers.area'],
    ['准入只问机关', 'alter policy admitted on registers.estate to gongzhi_system', 'resident registers.estate'],
  ])('%s', async (_, statements, fault) => {
    expect(await spoilt(statements, ({ adminUrl }) => seenBy(adminUrl, prefix, { admitted: '' }))).toContain(fault);
  });
});

describe('清单之外，表本身的策略被破坏：直接读表的检查变红', () => {
  it.each([
    [
      '须回避的人看得见监控',
      'drop policy keep_out on registers.camera',
      { admitted: 'yes', barred: true },
      'office registers.camera',
    ],
    [
      '企业能看全部的群',
      'create policy more on registers.chat_group to gongzhi_body using (true)',
      { admitted: 'yes', empty: true },
      'body registers.chat_group',
    ],
  ] as const)('%s', async (_, statements, context, fault) => {
    expect(await spoilt(statements, ({ adminUrl }) => seenBy(adminUrl, prefix, context))).toContain(fault);
  });
});

describe('敏感信息的保护被破坏：对应的检查变红', () => {
  const west = (): Actor => ({
    ...bureau(),
    ...divisionRange(codes.west),
    personId: district.people.wu,
    postId: district.posts.wuWest,
  });
  /** Reads a key without saying why, and one of a person out of sight; what was got, in words. */
  function keysGot(url: string): Promise<string[]> {
    return opened(url, async (database) => {
      const { rows } = await database.transaction({ ...bureau(), standing: 'engine' }, (tx) =>
        sql<{
          subject: string;
        }>`select subject from registers.person where phone_sealed is not null and scope like '990102001%' order by id limit 1`.execute(
          tx,
        ),
      );
      const subject = rows[0]!.subject;
      const found: string[] = [];
      const direct = await database.transaction(bureau(), (tx) =>
        sql`select subject, wrapped from platform.subject_key`.execute(tx),
      );
      if (direct.rows.length > 0) found.push('没有查看记录也拿到密钥');
      const beyond = await database
        .transaction(west(), (tx) =>
          sql`select * from platform.open_sealed(array[${subject}]::uuid[], array['phone'], 'browsing', '看看')`.execute(
            tx,
          ),
        )
        .catch((error: { code: string }) => ({ rows: [], code: error.code }));
      if (beyond.rows.length > 0) found.push('看不见的人也拿到密钥');
      await database.transaction(bureau(), (tx) =>
        sql`select * from platform.open_sealed(array[${subject}]::uuid[], array['phone'], 'browsing', '看看')`.execute(
          tx,
        ),
      );
      return found;
    });
  }

  it.each([
    ['没有破坏', '', [], []],
    [
      '密钥对机关敞开',
      'create policy more on platform.subject_key for select to gongzhi_office using (true)',
      ['没有查看记录也拿到密钥'],
      [],
    ],
    [
      '查看不问看不看得见此人',
      'drop policy sight on platform.sealed_read; create policy sight on platform.sealed_read for insert to gongzhi_office with check (true)',
      ['看不见的人也拿到密钥'],
      [],
    ],
    ['查看不上链', 'drop trigger traced on platform.sealed_read', [], [/次查看没有上链/]],
    [
      '查看的摘要是空话',
      `create or replace function platform.trace_reads() returns trigger language plpgsql security definer set search_path = pg_catalog, platform, pg_temp
         as $$ begin perform platform.record('reads:organisation:1', 'sealed.read', 'subject:x', '{"count":1,"digest":"00"}', '看看'); return null; end $$`,
      [],
      [/所记的查看与查看记录不符/],
    ],
  ])('%s', async (_, statements, got, unchained) => {
    await spoilt(statements, async ({ adminUrl, loginUrl: url }) => {
      expect(await keysGot(url).catch((error: Error) => [error.message])).toEqual(
        unchained.some((one) => /没有上链/.test(one.source))
          ? ['改动了 platform.sealed_read 却没有留痕，拒绝提交']
          : got,
      );
      // Without the trigger the database refuses the commit; where that is gone too, the comparison with the chain sees it.
      if (unchained.some((one) => /没有上链/.test(one.source))) {
        await asAdministrator(adminUrl, 'drop trigger if exists covered_insert on platform.sealed_read');
        await keysGot(url);
      }
      expect(await unchainedReads(adminUrl)).toEqual(unchained.map((one) => expect.stringMatching(one)));
    });
  });

  /** Erases a person as two people would, and answers whether their key is still there. */
  function keyAfterErasure(url: string, adminUrl: string): Promise<string> {
    return opened(url, async (database) => {
      const security = world.personas.find((one) => one.name === '视野 本区security')!.actor;
      const erasure = await database.transaction(security, async (tx) => {
        const { rows } = await sql<{
          id: number;
        }>`select id from registers.erasure where carried_out is null order by id limit 1`.execute(tx);
        await sql`select registers.erase(${rows[0]!.id}, '核对无误')`.execute(tx);
        await sql`select platform.record(${chain}, 'sealed.erased', 'erasure:1', '{}', '核对无误')`.execute(tx);
        return rows[0]!.id;
      });
      const client = new pg.Client({ connectionString: adminUrl });
      await client.connect();
      try {
        const { rows } = await client.query(
          `select k.wrapped is not null as key, p.phone_tail is not null as tail from registers.erasure e join registers.person p on p.id = e.person_id
             join platform.subject_key k on k.subject = p.subject where e.id = $1`,
          [erasure],
        );
        return rows[0].key ? '密钥还在' : rows[0].tail ? '尾号还在' : '已抹除';
      } finally {
        await client.end();
      }
    });
  }

  it.each([
    ['没有破坏', (body: string) => body, '已抹除'],
    ['不销毁密钥', (body: string) => body.replace(/update platform\.subject_key[^;]*;/, ''), '密钥还在'],
    ['留下尾号', (body: string) => body.replace('phone_tail = null, ', ''), '尾号还在'],
  ])('抹除（%s）：链仍全绿', async (_, spoil, left) => {
    const text = readFileSync(join(root, 'migrations/0016-offices.sql'), 'utf8');
    const body = /create function registers\.erase[\s\S]*?end \$\$;/.exec(text)![0];
    const change = spoil(body).replace('create function', 'create or replace function');
    await spoilt(change, async ({ adminUrl, loginUrl: url }) => {
      expect(await keyAfterErasure(url, adminUrl)).toBe(left);
      expect(await brokenChains(adminUrl)).toEqual([]);
      expect(await unchainedReads(adminUrl)).toEqual([]);
    });
  });

  it('代理人的事不写明代谁：检查认得出', async () => {
    const deputy = world.personas.find((one) => one.name === '视野 代专员')!.actor;
    const act = (record: typeof recordEvent, open?: typeof openDatabase) =>
      spoilt('', async ({ adminUrl, loginUrl: url }) => {
        await opened(
          url,
          (database) => database.transaction(deputy, (tx) => record(tx, { chain, act: 'tests.acted', object: 'x:1' })),
          open ?? openDatabase,
        );
        return unnamedDeputies(adminUrl);
      });
    expect(await act(recordEvent)).toEqual([]);
    await mutated<{ record: typeof recordEvent }, void>(
      'src/platform/journal.ts',
      '{ ...event.detail, onBehalfOf }',
      '{ ...event.detail }',
      async ({ record: forgetful }) => {
        expect(await act(forgetful)).toEqual([expect.stringMatching(/没有写明代谁/)]);
      },
    );
  });

  it.each([
    [
      '约束被删',
      'alter table registers.post drop constraint administrators_apart; drop trigger apart on registers.post',
      '两个管理员是同一人',
    ],
    ['没有破坏', '', /administrators_apart|不得兼任/],
  ])('三员分立（%s）', async (_, statements, expected) => {
    const security = world.personas.find((one) => one.name === '视野 本区security')!.actor;
    const answer = await spoilt(statements, ({ loginUrl: url }) =>
      opened(url, (database) =>
        database
          .transaction({ ...bureau(), standing: 'engine' }, async (tx) => {
            await sql`insert into registers.post (person_id, organisation_id, role, from_on) values (${security.personId}, ${security.organisationId}, 'audit-administrator', ${today})`.execute(
              tx,
            );
            await sql`select platform.record(${chain}, 'tests.added', 'post:1', '{}', null)`.execute(tx);
          })
          .then(
            () => '两个管理员是同一人',
            (error: Error) => error.message,
          ),
      ),
    );
    expect(answer).toMatch(expected);
  });
});

const chain = 'organisation:1';

describe('留痕被破坏：留痕的检查变红', () => {
  it.each([
    ['判断的触发器被删', 'drop trigger recorded on platform.covered_row'],
    ['判断的触发器停用', 'alter table platform.covered_row disable trigger recorded'],
    ['小区的触发器被删', 'drop trigger covered_update on registers.estate'],
    [
      '标记的函数什么也不做',
      `create or replace function platform.cover_registers_estate() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as 'begin return null; end'`,
    ],
  ])('%s：不留痕的改动不再被拒绝', async (_, statements) => {
    expect(await spoilt(statements, ({ loginUrl: url }) => unrecordedChange(url))).toBe('没有拒绝');
  });

  it('报备的命令漏掉留痕：数据库拒绝提交；触发器也没了，留痕的检查认得出', async () => {
    type Commands = { fileDeed: typeof fileDeed };
    await mutated<Commands, void>(
      'src/procedures/filings/commands.ts',
      'await record(tx, {',
      'void ({',
      async ({ fileDeed: forgetful }) => {
        await spoilt('', async ({ adminUrl, loginUrl: url }) => {
          expect(await fileBy(url, forgetful)).toBe('改动了 filings.filing 却没有留痕，拒绝提交');
          expect(await untraced(adminUrl, filed)).toEqual([]);
        });
        await spoilt('drop trigger covered_insert on filings.filing', async ({ adminUrl, loginUrl: url }) => {
          expect(await fileBy(url, forgetful)).toBe('已报备');
          expect((await untraced(adminUrl, filed)).join()).toMatch(/报备 \d+ 没有留痕/);
        });
      },
    );
  });

  it.each([
    [
      '改了一条的内容',
      `update platform.journal set detail = '{"x":1}' where chain = '${chain}' and seq = 2`,
      /第 2 条：所示内容与存证字节不符/,
    ],
    [
      '改了一条的时刻',
      `update platform.journal set at = at + interval '1 microsecond' where chain = '${chain}' and seq = 2`,
      /第 2 条：所示内容与存证字节不符/,
    ],
    ['删了中间一条', `delete from platform.journal where chain = '${chain}' and seq = 2`, /第 2 条：缺号/],
    [
      '删了末尾一条',
      `delete from platform.journal j where chain = '${chain}' and seq = (select max(seq) from platform.journal where chain = j.chain)`,
      /末端不符/,
    ],
    ['删了整条链', `delete from platform.journal where chain = '${chain}'`, /末端不符（.*实有 0 条/],
    [
      '改了哈希',
      `update platform.journal set hash = sha256('x') where chain = '${chain}' and seq = 1`,
      /第 1 条：链上哈希不符/,
    ],
    [
      '连存证字节一起改',
      `update platform.journal set act = 'tests.preparec', payload = overlay(payload placing convert_to('tests.preparec', 'UTF8') from position(convert_to('tests.prepared', 'UTF8') in payload))
         where chain = '${chain}' and act = 'tests.prepared'`,
      /第 1 条：存证字节与其哈希不符/,
    ],
    ['追加的函数忘了相接', '', /与上一条不相接|链上哈希不符/],
  ])('链被破坏（%s）：指出在哪一条、是哪一类', async (title, statements, fault) => {
    const change = title === '追加的函数忘了相接' ? await forgetfulRecord() : statements;
    const found = await spoilt(change, async ({ adminUrl, loginUrl: url }) => {
      if (title === '追加的函数忘了相接') {
        await opened(url, (database) =>
          database.transaction(bureau(), (tx) =>
            sql`select platform.record(${chain}, 'a.b', 'c:1', '{}', null)`.execute(tx),
          ),
        );
      }
      return brokenChains(adminUrl);
    });
    expect(found).toEqual([expect.stringMatching(fault)]);
  });

  /** platform.record as it stands, but with a link that leaves out what came before. */
  const forgetfulRecord = () => recordWith(`'\\x02'::bytea || head.hash || leaf_hash`, `'\\x02'::bytea || leaf_hash`);
});

/** A function of the journal as the last migration that says it has it, with one sentence of it changed. */
function functionWith(name: string, from: string, to: string): string {
  const wanted = new RegExp(`create (?:or replace )?function platform\\.${name}\\([\\s\\S]*?\\$\\$;`);
  const [body] = ['0020-record-each-in-one-pass.sql', '0011-covered-rows.sql'].flatMap(
    (file) => wanted.exec(readFileSync(join(root, 'migrations', file), 'utf8'))?.[0] ?? [],
  ) as [string];
  expect(body).toContain(from);
  return body.replace(/^create function/, 'create or replace function').replaceAll(from, () => to);
}
const recordWith = (from: string, to: string) => functionWith('record', from, to);

/** Who the last filing says it was: the officer who files here, or a sentence. */
async function unsigned(adminUrl: string): Promise<string[]> {
  const { rows } = await asking(adminUrl, (client) =>
    client.query(
      `select person_id, organisation_id, post_id from platform.journal where act = 'filings.filed' order by at desc limit 1`,
    ),
  );
  const { personId, organisationId, postId } = officer.actor;
  const signed = { person_id: personId, organisation_id: organisationId, post_id: postId };
  return JSON.stringify(rows[0]) === JSON.stringify(signed) ? [] : [`署名不是办理的人：${JSON.stringify(rows[0])}`];
}

describe('编码、行摘要、署名被破坏：核验变红', () => {
  /** What the journal shows after one deed was filed in a database so spoilt. */
  const afterFiling = (statements: string) =>
    spoilt(statements, async ({ adminUrl, loginUrl: url }) => {
      expect(await fileBy(url, fileDeed)).toBe('已报备');
      await opened(url, (database) =>
        database.transaction(bureau(), (tx) => record(tx, { chain: 'organisation:999', act: 'a.b', object: 'c:1' })),
      );
      return [...(await brokenChains(adminUrl)), ...(await spoiltRows(adminUrl)), ...(await unsigned(adminUrl))];
    });

  it('没有破坏时是绿的', async () => expect(await afterFiling('')).toEqual([]));

  it.each([
    // A4: the encoding says everything that is shown, in one way only.
    [
      '存证字节漏了细目',
      functionWith('journal_payload', '    || platform.length_prefixed(detail)\n', ''),
      /所示内容与存证字节不符/,
    ],
    [
      '编码丢了长度',
      functionWith(
        'length_prefixed',
        `substr(record_send(row(convert_to(normalize(field, nfc), 'UTF8'))), 9)`,
        `coalesce(convert_to(normalize(field, nfc), 'UTF8'), '')`,
      ),
      /所示内容与存证字节不符/,
    ],
    [
      '西文的编码丢了长度',
      functionWith('length_prefixed', `int4send(octet_length(field)) || convert_to`, 'convert_to'),
      /所示内容与存证字节不符/,
    ],
    [
      '空值写成空文本',
      functionWith('length_prefixed', 'normalize(field, nfc)', `normalize(coalesce(field, ''), nfc)`),
      /所示内容与存证字节不符/,
    ],
    ['链的起点不分部署', functionWith('genesis', 's.deployment::text', `''`), /与上一条不相接/],
    // A1, A7: every row is under its event.
    [
      '留痕不管所改的行',
      `create or replace function platform.rows_pending() returns table (digest bytea, upto bigint) language sql stable
         as 'select null::bytea, max(id) from platform.covered_row where transaction = pg_current_xact_id()'`,
      /留痕所列的行与其摘要不符/,
    ],
    [
      '行的摘要不随内容',
      `create or replace function platform.cover_filings_filing() returns trigger language plpgsql security definer set search_path = pg_catalog, platform, pg_temp
         as $$ begin insert into covered_row (relation, key, shape, digest, first) select 'filings.filing', id::text, 1, sha256('x'), true from changed; return null; end $$`,
      /filings.filing \d+：记录的现状与最后一次留痕的摘要不符/,
    ],
    ['行的摘要没有记下', 'drop trigger covered_insert on filings.filing', /filings.filing \d+：记录没有留痕/],
    // A8: who did it comes from the context.
    ['留痕不记人', recordWith(`current_setting('app.person', true)`, `''`), /署名不是办理的人/],
    ['岗位由别处来', recordWith(`current_setting('app.post', true)`, `'2147483647'`), /署名不是办理的人/],
  ])('%s', async (_, statements, fault) => {
    expect((await afterFiling(statements)).join('\n')).toMatch(fault);
  });
});

describe('核验者被破坏：有一类篡改不再认得出（A2、A7）', () => {
  type Verifier = Pick<typeof import('../../src/platform/verify-journal.ts'), 'verifyWith'>;
  const verdict = (adminUrl: string, { verifyWith: verify }: Verifier) =>
    asking(adminUrl, async (client) => {
      await client.query('begin');
      return (await verify(async <Row>(text: string) => (await client.query(text)).rows as Row[])).faults;
    });
  const place = `chain = 'organisation:1' and seq`;

  it.each([
    [
      'columns',
      '!this.#sameFields(bytes, payload, end, at)',
      'false',
      `update platform.journal set detail = '{"x":1}' where ${place} = 2`,
    ],
    [
      'leaf',
      'leafNow.compare(bytes, leaf, leaf + this.#length[LEAF]!) !== 0',
      'false',
      `update platform.journal set leaf = sha256('x') where ${place} = 2`,
    ],
    [
      'prev',
      'this.#join.compare(bytes, prev, prev + this.#length[PREV]!, 1, 33) !== 0',
      'false',
      `update platform.journal set prev = sha256('x') where ${place} = 2`,
    ],
    [
      'hash',
      'link.compare(bytes, hash, hash + this.#length[HASH]!) !== 0',
      'false',
      `update platform.journal set hash = sha256('x') where ${place} = 1`,
    ],
    [
      'gap',
      `this.#seq === expected ? this.#judge(bytes) : 'gap'`,
      'this.#judge(bytes)',
      `delete from platform.journal where ${place} = 2`,
    ],
    [
      'duplicate',
      `'duplicate'`,
      `'gap'`,
      `alter table platform.journal drop constraint journal_pkey; insert into platform.journal select chain, seq, at, act, object, person_id, organisation_id, post_id,
       reason, detail, request, payload, leaf, sha256('y'), hash, transaction, rows_digest, rows_to from platform.journal where ${place} = 2`,
    ],
    [
      'format',
      'bytes[payload + 1] !== hashMarks[this.#hash]',
      'false',
      `update platform.journal set payload = overlay(payload placing '\\x02'::bytea from 2) where ${place} = 2`,
    ],
    [
      'time',
      'at < this.#at',
      'false',
      `do $$ declare e record; before record; l bytea; begin
       update platform.journal set at = '2001-01-01' where ${place} = 2;
       for e in select * from platform.journal where ${place} >= 2 order by seq loop
         select * into before from platform.journal where chain = e.chain and seq = e.seq - 1;
         update platform.journal set prev = before.hash, payload = platform.journal_payload(chain, seq, at, act, object, person_id::text, organisation_id::text, post_id::text,
           reason, detail, request, rows_digest) where chain = e.chain and seq = e.seq;
         update platform.journal set leaf = sha256('\\x00'::bytea || payload) where chain = e.chain and seq = e.seq;
         update platform.journal set hash = sha256('\\x02'::bytea || prev || leaf) where chain = e.chain and seq = e.seq;
         update platform.journal_head h set hash = (select hash from platform.journal where chain = e.chain and seq = e.seq) where chain = e.chain;
       end loop; end $$`,
    ],
    [
      'head',
      'ends.filter(({ chain }) => !broken.has(chain))',
      'ends.filter(() => false)',
      `update platform.journal_head set seq = seq + 1 where chain = 'organisation:1'`,
    ],
    [
      'row',
      `end is distinct from l.digest then 'row'`,
      `end is null then 'row'`,
      `alter table registers.estate disable trigger covered_update; update registers.estate set households = 1`,
    ],
    [
      'missing',
      `case when l.digest is not null then 'missing' end`,
      'null',
      `alter table oversight.waiver_decision disable trigger covered_delete; alter table oversight.waiver disable trigger covered_delete; alter table registers.ownership disable trigger covered_delete; delete from oversight.waiver_decision; delete from oversight.waiver; delete from registers.ownership`,
    ],
    [
      'unrecorded',
      `when l.key is null or`,
      'when l.key is not null and',
      `alter table registers.building disable trigger covered_insert; insert into registers.building (estate_id, scope, name) select estate_id, scope, '伪' from registers.building limit 1`,
    ],
    [
      'rows',
      'where d.digest is distinct from j.rows_digest',
      'where j.chain is null',
      `delete from platform.covered_row where id = (select max(id) from platform.covered_row)`,
    ],
    [
      'rows-unrecorded',
      'where d.digest is distinct from j.rows_digest',
      'where j.chain is not null and d.digest is distinct from j.rows_digest',
      `update platform.journal set rows_to = null where chain = (select chain from platform.journal where rows_to is not null order by at desc limit 1)`,
    ],
  ])('%s', async (kind, from, to, statements) => {
    await spoilt(statements, async ({ adminUrl }) => {
      expect((await verdict(adminUrl, { verifyWith })).map((one) => one.kind)).toContain(kind);
      await mutated<Verifier, void>('src/platform/verify-journal.ts', from, to, async (module) => {
        expect((await verdict(adminUrl, module)).map((one) => one.kind)).not.toContain(kind);
      });
    });
  });
});

describe('核验封存的部分被破坏：有一类篡改不再认得出（A2、A3）', () => {
  type Verifier = Pick<typeof import('../../src/platform/verify-journal.ts'), 'verifyWith'>;
  const signer = () => district.signer;

  it.each([
    [
      'sealed',
      '!leaf.recorded?.equals(leaf.hash) && !broken.has(leaf.chain)',
      'false',
      `delete from platform.journal where chain = '${chain}' and seq = (select seq from platform.journal_head where chain = '${chain}')`,
    ],
    [
      'tree',
      'if (at < checkpoints.length)',
      'if (false as boolean)',
      'delete from platform.tree_leaf where index = (select max(index) from platform.tree_leaf)',
    ],
    [
      'checkpoint',
      '!checkpoint.root.equals(root)',
      'false',
      `update platform.checkpoint set root = sha256('x') where size = (select max(size) from platform.checkpoint)`,
    ],
  ])('%s', async (kind, from, to, statements) => {
    await spoilt('', async ({ adminUrl, loginUrl: url }) => {
      await opened(url, (database) => seal(database, fixedClock(today), signer()));
      await asAdministrator(adminUrl, statements);
      const kinds = ({ verifyWith: verify }: Verifier) =>
        asking(adminUrl, async (client) => {
          const { faults } = await verify(async <Row>(text: string) => (await client.query(text)).rows as Row[]);
          return faults.map((one) => one.kind);
        });
      expect(await kinds({ verifyWith })).toContain(kind);
      await mutatedAll('src/platform/verify-tree.ts', from, to, async (load) => {
        expect(await kinds(await load<Verifier>('src/platform/verify-journal.ts'))).not.toContain(kind);
      });
    });
  });
});

describe('源码被破坏：对应的检查变红', () => {
  type Platform = { openDatabase: typeof openDatabase };
  const file = 'src/platform/database.ts';

  it('set 代替 set local：连接带走了身份和范围', () =>
    mutated<Platform, void>(file, 'set local ', 'set ', (module) =>
      opened(
        loginUrl.href,
        async (shared) => {
          await opened(loginUrl.href, (alone) => mixedUp({ alone, shared, world, requests: 20, seed: 4 }));
          expect((await leftovers(shared, 4)).join()).toMatch(/连接仍(以|带着)/);
        },
        module.openDatabase,
      ),
    ));

  it('set 代替 set local，且只设给出的：混在一起的请求得到别人的答案', () =>
    mutated<Platform, void>(
      file,
      'const set = Object.entries(settings).map(([name, value]) => `set local',
      'const set = Object.entries(settings).filter(([, value]) => value).map(([name, value]) => `set',
      (module) =>
        opened(
          loginUrl.href,
          async (shared) => {
            const found = await opened(loginUrl.href, (alone) =>
              mixedUp({ alone, shared, world, requests: 60, seed: 5 }),
            );
            expect(found.length).toBeGreaterThan(0);
          },
          module.openDatabase,
        ),
    ));

  it('没有 begin：请求失去身份', () =>
    mutated<Platform, void>(file, "return ['begin', ", 'return [', (module) =>
      opened(
        loginUrl.href,
        async (shared) => {
          const found = await opened(loginUrl.href, (alone) =>
            mixedUp({ alone, shared, world, requests: 10, seed: 6 }),
          );
          expect(found.length).toBeGreaterThan(0);
        },
        module.openDatabase,
      ),
    ));

  it('启动时不检查：超级用户也能登录', async () => {
    await expect(openDatabase({ url: district.adminUrl })).rejects.toThrow('是超级用户');
    await mutated<Platform, void>(file, 'problems.length > 0', 'problems.length > 9_999', (module) =>
      opened(district.adminUrl, async (database) => expect(database.prefix).toBe(prefix), module.openDatabase),
    );
  });
});

describe('登录被破坏：对应的检查变红', () => {
  const clock = fixedClock(today);
  const at = { now: clock.now() };
  /** A fresh copy of the world, opened as the server opens it. */
  const inClone = <T>(work: (database: Database) => Promise<T>, statements = '') =>
    spoilt(statements, ({ loginUrl: url }) => opened(url, work));
  const atDoor = <T>(database: Database, work: Parameters<Database['transaction']>[1]) =>
    database.transaction(door(clock), work) as Promise<T>;

  type Factor = typeof secondFactor;
  /** An account with a password and an authenticator; codes of the steps around now. */
  async function enrolled(database: Database, factor: Factor) {
    const passwordHash = await hashPassword('正确的口令');
    const accountId = await atDoor<number>(database, (tx) => createAccount(tx, { name: '被破坏的', passwordHash }));
    const secret = await atDoor<Buffer>(database, (tx) =>
      factor.beginAuthenticator(tx, district.sealing, { accountId, ...at }),
    );
    const code = (off: number) => codeOf(secret, stepAt(at.now) + off);
    await atDoor(database, (tx) =>
      factor.confirmAuthenticator(tx, district.sealing, { accountId, code: code(-1), ...at }),
    );
    const give = (given: string) => factor.giveCode(database, clock, district.sealing, { accountId, code: given });
    return { code, give };
  }

  it('验证码不记用过：同一个用第二次也行', () =>
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the sentence as it stands in the source
    mutated<Factor, void>('src/platform/second-factor.ts', ' and last_step < ${step}', '', (module) =>
      inClone(async (database) => {
        const { code, give } = await enrolled(database, module);
        expect([await give(code(0)), await give(code(0))]).toEqual(['right', 'right']);
      }),
    ));

  it.each([
    ['验证码错了不数', 'failures >= FAILURES_ALLOWED', 'failures >= 99'],
    ['密码对了就清零', 'case when platform.has_second_factor(id) then greatest(failures - 1, 0) else 0 end', '0'],
  ])('%s：知道密码的人可以一直猜验证码', (_, from, to) =>
    mutatedAll<void>('src/platform/sign-in.ts', from, to, (load) =>
      inClone(async (database) => {
        const [signing, factor] = [
          await load<{ signIn: typeof signIn }>('src/platform/sign-in.ts'),
          await load<Factor>('src/platform/second-factor.ts'),
        ];
        const { give } = await enrolled(database, factor);
        const answers: Awaited<ReturnType<typeof give>>[] = [];
        for (let n = 0; n < 8; n += 1) {
          const again = await signing.signIn(database, clock, { name: '被破坏的', password: '正确的口令' });
          answers.push(await give('000000'), 'refused' in again ? again : 'right');
        }
        expect(answers.some((one) => one !== 'right' && one.refused === 'locked')).toBe(false);
      }),
    ),
  );

  it('门口不看还差什么：只凭密码就全打开', async () => {
    const opensTo = (build: typeof buildServer) =>
      inClone((database) =>
        serving(
          database,
          [],
          async (as) => (await (await as('区住建局'))('/api/me/password', { current: 'x', next: 'y' })).status,
          {
            build,
            demo: false,
          },
        ),
      );
    expect(await opensTo(buildServer)).toBe(401);
    await mutatedAll<void>(
      'src/platform/sign-in.ts',
      "if (!session.strong && session.enrolled) return 'second-factor';",
      'return undefined;',
      async (load) => {
        const { buildServer: build } = await load<{ buildServer: typeof buildServer }>('src/platform/http.ts');
        expect(await opensTo(build)).toBe(422);
      },
    );
  });

  const publicUrl = 'https://gongzhi.example.gov.cn';
  it.each([
    [
      '通行密钥不看来源',
      'expectedOrigin: origin,\n    expectedRPID: rpID,\n    credential',
      "expectedOrigin: JSON.parse(Buffer.from(response.response.clientDataJSON, 'base64url').toString()).origin,\n    expectedRPID: rpID,\n    credential",
      { origin: 'https://attacker.example' },
    ],
    [
      '挑战值不看是谁出的',
      'expectedChallenge: (challenge) => spendChallenge(tx, challenge, { accountId: null, now: given.now }),',
      'expectedChallenge: () => true,',
      { challenge: Buffer.alloc(32, 1).toString('base64url') },
    ],
  ])('%s：别处的签名也能登录', (_, from, to, bent) =>
    mutated<typeof passkeys, void>('src/platform/passkeys.ts', from, to, (module) =>
      inClone(async (database) => {
        const device = softAuthenticator({ rpID: 'gongzhi.example.gov.cn', origin: publicUrl });
        const accountId = await atDoor<number>(database, (tx) => createAccount(tx, { name: '被破坏的' }));
        const signed = async (used: typeof passkeys) => {
          const options = await atDoor<{ challenge: string }>(database, (tx) =>
            used.beginPasskeySignIn(tx, { publicUrl, ...at }),
          );
          return atDoor<number | undefined>(database, (tx) =>
            used.signInByPasskey(tx, { publicUrl, response: device.sign(options, bent), ...at }),
          );
        };
        const made = await atDoor<{ challenge: string }>(database, (tx) =>
          passkeys.beginPasskey(tx, { publicUrl, sealing: district.sealing, accountId, account: '被破坏的', ...at }),
        );
        await atDoor(database, (tx) =>
          passkeys.addPasskey(tx, { publicUrl, accountId, name: '设备', response: device.make(made), ...at }),
        );
        expect([await signed(passkeys), await signed(module)]).toEqual([undefined, accountId]);
      }),
    ),
  );

  it.each([
    ['state', 'expectedState: errand.state,', 'expectedState: answer.state,'],
    ['nonce', 'expectedNonce: errand.nonce,', 'expectedNonce: errand.expected,'],
  ])('统一身份认证不看 %s：不是这一趟的回答也认', (name, from, to) =>
    mutated<typeof identities, void>('src/platform/identity-provider.ts', from, to, async (module) => {
      const provider = await testProvider(`${publicUrl}/console/sign-in`);
      try {
        const finished = async (used: typeof identities) => {
          const ours = used.identityProvider({ ...provider, label: '统一身份认证' }, publicUrl);
          const { url, errand } = await ours.begin({ bind: null, ...at });
          const back = (await provider.visit(url)).searchParams;
          const answer = { code: back.get('code')!, state: back.get('state')!, iss: back.get('iss')! };
          // `expected` is what the saboteur reads instead.
          const bent = { ...errand, expected: errand.nonce, [name]: 'x'.repeat(43) };
          return ours.finish(answer, bent, at.now);
        };
        expect(await finished(identities)).toBeUndefined();
        expect(await finished(module)).toBeDefined();
      } finally {
        await provider.close();
      }
    }),
  );

  type Activations = { routes: Route[] };
  const origin = 'http://localhost:8080';
  /** A server over the clone with the routes given, and people signed in to it. */
  async function serving<T>(
    database: Database,
    routes: Route[],
    work: (
      as: (account: string) => Promise<(url: string, payload?: object) => Promise<{ status: number; body: never }>>,
    ) => Promise<T>,
    { build = buildServer, demo = true }: { build?: typeof buildServer; demo?: boolean } = {},
  ): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), 'gongzhi-serving-'));
    const server = await build({
      system: {
        database,
        clock,
        files: openFileStore({ folder, keys: keysFrom(Buffer.alloc(32, 7)) }),
        sealing: district.sealing,
        signer: district.signer,
        jobs,
        demo,
        publicUrl: origin,
      },
      routes: [...people, ...routes],
      resolvePerson,
    });
    try {
      return await work(async (account) => {
        const post = async (url: string, payload: object = {}, cookie = '') => {
          const reply = await server.inject({ method: 'POST', url, payload, headers: { origin, cookie } });
          return { status: reply.statusCode, body: reply.json() as never, set: String(reply.headers['set-cookie']) };
        };
        const { set } = account === '' ? { set: '' } : await post('/api/sign-in', { name: account, password });
        return (url, payload) => post(url, payload, set.split(';')[0]!);
      });
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** 何文静 owns a unit and has no account: two letters one after the other, and the first of them used. */
  const oldLetterUsed = (database: Database, routes: Route[]) =>
    serving(database, routes, async (as) => {
      const officer = await as('东湖街道');
      const letter = async () =>
        (await officer(`/api/units/${district.units[1]}/letters`, { personId: district.people.he })).body as {
          code: string;
        };
      const [old] = [await letter(), await letter()];
      const anybody = await as('');
      return (
        await anybody('/api/activation', {
          code: old.code,
          name: '何文静',
          account: '何家',
          password: '十个字的新密码够了吧',
        })
      ).status;
    });

  it('作废的激活信照用：库还拒绝；库的约束也没了，旧信才真的能用', async () => {
    expect(await inClone((database) => oldLetterUsed(database, activations))).toBe(401);
    await mutatedAll<void>('src/registers/activations/store.ts', 'and l.voided_on is null', '', async (load) => {
      const { routes } = await load<Activations>('src/registers/activations/routes.ts');
      const used = (statements: string) => inClone((database) => oldLetterUsed(database, routes), statements);
      expect(await used('')).toBe(500);
      expect(await used('alter table registers.activation_letter drop constraint void_is_unused')).toBe(200);
    });
  });

  it('用过的激活信照用：认得出的只剩“已经有账号”这一道', async () => {
    const usedTwice = (routes: Route[]) =>
      inClone((database) =>
        serving(database, routes, async (as) => {
          const officer = await as('东湖街道');
          const letter = (await officer(`/api/units/${district.units[1]}/letters`, { personId: district.people.he }))
            .body as { code: string };
          const anybody = await as('');
          const use = async (account: string) =>
            (
              await anybody('/api/activation', {
                code: letter.code,
                name: '何文静',
                account,
                password: '十个字的新密码够了吧',
              })
            ).status;
          return [await use('何家'), await use('何家二')];
        }),
      );
    expect(await usedTwice(activations)).toEqual([200, 401]);
    await mutatedAll<void>('src/registers/activations/store.ts', 'and l.used_at is null', '', async (load) => {
      expect(await usedTwice((await load<Activations>('src/registers/activations/routes.ts')).routes)).toEqual([
        200, 422,
      ]);
    });
  });

  it('担保可以自己核对：规则没了，库还拒绝；库的约束也没了，才真的出信', async () => {
    const own = (routes: Route[], statements: string) =>
      inClone(async (database) => {
        // 陈晓岚, of the sub-district, vouched herself.
        const voucherId = await database.transaction(
          { standing: 'body', today, personId: district.people.chen, estates: [district.estates.garden] },
          async (tx) => {
            const { rows } = await sql<{ id: number }>`
            insert into registers.voucher (unit_id, estate_id, scope, owner_name, vouched_by, vouched_on)
            select ${district.units[1]}, id, scope, '何文静', ${district.people.chen}, ${today} from registers.estate where id = ${district.estates.garden}
            returning id`.execute(tx);
            await record(tx, {
              chain: `estate:${district.estates.garden}`,
              act: 'tests.vouched',
              object: `voucher:${rows[0]!.id}`,
            });
            return rows[0]!.id;
          },
        );
        return serving(
          database,
          routes,
          async (as) => (await (await as('东湖街道'))(`/api/vouchers/${voucherId}/confirmation`)).status,
        );
      }, statements);
    expect(await own(activations, '')).toBe(422);
    await mutatedAll<void>(
      'src/registers/activations/rules.ts',
      'given.confirmedBy === given.vouchedBy',
      'given.confirmedBy === -1',
      async (load) => {
        const { routes } = await load<Activations>('src/registers/activations/routes.ts');
        expect(await own(routes, '')).toBe(500);
        expect(await own(routes, 'alter table registers.voucher drop constraint two_persons')).toBe(200);
      },
    );
  });
});
