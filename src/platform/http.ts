import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import cookie from '@fastify/cookie';
import files from '@fastify/static';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { z } from 'zod';
import {
  type Contract,
  contract,
  type FileOutput,
  type OutputOf,
  pathParameters,
  type ReadInputOf,
} from '../kernel/contract.ts';
import type { LocalDate } from '../kernel/local-date.ts';
import type { Refusal, Verdict } from '../kernel/results.ts';
import { agentOf } from './agent.ts';
import { deploymentContract, POST_HEADER, reportFault } from './contract.ts';
import type { Actor, Transaction } from './database.ts';
import { OfficeEnded, sql } from './database.ts';
import { findWarnings } from './health.ts';
import { openApiOf } from './openapi.ts';
import { door, endSession, findSession, missingFactor, type NewSession } from './sign-in.ts';
import type { System } from './system.ts';

export type { System } from './system.ts';

export interface Post {
  id: number;
  role: string;
  title: string;
  organisationId: number | null;
  organisationName: string;
  organisationKind: string;
  areaCode: string | null;
  areaName: string;
  level: 'province' | 'city' | 'district' | 'subdistrict' | 'community' | null;
  /** Whose post it is, while its holder is on leave and this person is the deputy. */
  behalf: { personId: number; name: string } | null;
}

/** What a person must keep out of: a conflict of interest, until when, and why. */
export interface Bar {
  id: number;
  estateId: number | null;
  companyId: number | null;
  label: string;
  reason: string;
  toOn: string | null;
}

/** Who is signed in, in the post chosen. */
export interface Person {
  accountId: number;
  personId: number;
  name: string;
  post: Post;
  /** Every post in force, for switching and for the merged to-do list. */
  posts: Post[];
  /** Conflicts of interest in force. The database shows nothing of their subjects; a refusal can say so. */
  bars: readonly Bar[];
  /** What the database may show this person in this post. */
  actor: Actor;
  /** One of the posts asks for more than a password. */
  demandsSecondFactor?: boolean;
}

/** A person as far as an act has to know them; the demo acts without a session. */
export type Acting = Pick<Person, 'personId' | 'actor' | 'bars'> & { post: Pick<Post, 'id' | 'organisationId'> };

/** Somebody known by one factor, from whom a second one is still to come. Nothing is open to them but the rest of signing in. */
export interface Halfway {
  person: Person;
  missing: NonNullable<ReturnType<typeof missingFactor>>;
}

/** An answer that is "no", with every reason. It travels as 422, or as the status that says more. */
export type Refused = Extract<Verdict, { allowed: false }> & {
  readonly status?: 401 | 403 | 404 | 409 | 413 | 429 | 503;
};

export function refuse(...refusals: [Refusal, ...Refusal[]]): Refused {
  return { allowed: false, refusals };
}

export function notFound(reason = '没有找到，或不在您的范围之内'): Refused {
  return { allowed: false, refusals: [{ reason }], status: 404 };
}

export function forbidden(reason: string): Refused {
  return { allowed: false, refusals: [{ reason }], status: 403 };
}

export interface Asked<Input> {
  input: Input;
  /** Throws (401) when nobody is signed in; only routes that anyone may call need to ask `signedIn` first. */
  readonly person: Person;
  readonly signedIn: Person | undefined;
  readonly halfway: Halfway | undefined;
  system: System;
  today: LocalDate;
  now: Date;
  /** Where the request came from, for limits; never kept in clear. */
  address: string;
  /** Names this request in the journal, in the log and to the person (报障码). */
  request: string;
  /** A long answer may be refused and left to the worker: it is a workbook, and whoever asks has a place where it is kept. */
  postponable?: boolean;
  /** The bytes of a request whose contract says `body: 'file'`. */
  file?: { name: string; mediaType: string; bytes: Buffer };
  /** One transaction as the person in their post. Rolled back when the work throws or answers with a refusal. */
  act<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** One transaction before anybody is known: for the routes of sign-in. */
  atTheDoor<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  session: {
    /** What the cookie of this request holds; for `switchPost`. */
    token: string | undefined;
    /** Browser and system, as a session is remembered by. */
    agent: string | undefined;
    /** Gives the browser the cookie of a session just opened. */
    begin(session: NewSession): void;
    /** Ends the session of this request and takes the cookie back. */
    end(): Promise<void>;
  };
  /** A sealed text the browser carries for a few minutes, over a way that leads through another site. */
  errand: { carried: string | undefined; give(sealed: string, minutes: number): void; take(): void };
}

export interface Route {
  contract: Contract;
  answer: (asked: Asked<never>) => Promise<unknown>;
}

export function route<C extends Contract>(
  of: C,
  answer: (asked: Asked<ReadInputOf<C>>) => Promise<OutputOf<C> | Refused>,
): Route {
  return { contract: of, answer: answer as Route['answer'] };
}

/** As the door: the account's person in the post asked for, or in the first of the posts in force when null or no longer held. */
export type ResolvePerson = (tx: Transaction, accountId: number, postId: number | null) => Promise<Person | undefined>;

const FILE_LIMIT = 25 * 1024 * 1024;
/** Cells pasted from a workbook of some thousand rows fit. */
const JSON_LIMIT = 10 * 1024 * 1024;

/**
 * The server: routes from contracts, the web from its folder, everything checked on the way in and out. Nothing of a request
 * but its route and its 报障码 is ever logged; `log` takes the lines (default: the process's output).
 */
export async function buildServer(options: {
  system: System;
  routes: readonly Route[];
  resolvePerson: ResolvePerson;
  /** Folder of the built web; without it only the API is served. */
  web?: string;
  trustProxy?: boolean | string;
  /** What else /health should warn of. */
  warnings?: () => Promise<string[]>;
  log?: { write(line: string): void };
}): Promise<FastifyInstance> {
  const { system } = options;
  const secure = new URL(system.publicUrl).protocol === 'https:';
  const server = Fastify({
    bodyLimit: JSON_LIMIT,
    trustProxy: options.trustProxy ?? false,
    genReqId: newRequestName,
    requestIdHeader: false,
    logger: {
      level: 'warn',
      serializers: { req: (request: FastifyRequest) => ({ method: request.method, path: withoutQuery(request.url) }) },
      ...(options.log && { stream: options.log }),
    },
    logController: new LogController({ disableRequestLogging: true }),
    // An address that is no text, or a part of it longer than any of ours: turned away before the hooks below.
    frameworkErrors: (_, __, reply) =>
      sendRefused(reply.headers(SECURITY_HEADERS) as unknown as FastifyReply, notFound('没有这个地址')),
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
  });
  server.removeContentTypeParser('text/plain');
  await server.register(cookie);

  server.addHook('onRequest', async (request, reply) => {
    reply.headers(secure ? { ...SECURITY_HEADERS, 'strict-transport-security': 'max-age=31536000' } : SECURITY_HEADERS);
    reply.header('x-request-id', request.id);
    if (!['GET', 'HEAD', 'OPTIONS'].includes(request.method) && !isFromHere(request, system.publicUrl)) {
      return sendRefused(reply, forbidden('请求的来源不是本网站，没有执行。请从本网站的页面操作。'));
    }
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof Answered) return sendRefused(reply, error.refused);
    const known = WRONG_REQUESTS[error.code];
    if (known) return sendRefused(reply, { allowed: false, refusals: [{ reason: known[1] }] }, known[0]);
    if (error.statusCode && error.statusCode < 500)
      return sendRefused(reply, { allowed: false, refusals: [{ reason: '请求的格式有误' }] }, error.statusCode);
    const passing = passingTrouble(error, request.method === 'GET');
    request.log.error(
      { request: request.id, method: request.method, route: request.routeOptions.url, ...traceOf(error) },
      'request failed',
    );
    if (passing) return sendRefused(reply, { allowed: false, refusals: [{ reason: passing }] }, 503);
    return sendRefused(
      reply,
      { allowed: false, refusals: [{ reason: `系统出错，没有完成。请把报障码 ${request.id} 告诉管理员。` }] },
      500,
    );
  });
  const tell = (fault: object) => server.log.error(fault, 'page failed');
  const all = [...builtIn(options, tell), ...options.routes];
  const description = openApiOf(all.map((one) => one.contract));
  const perform = performer(options, secure);
  for (const one of all.filter((each) => each.contract.body === 'json')) {
    server.route({ method: one.contract.method, url: one.contract.path, ...perform(one) });
  }
  // Routes that take a file take any bytes and nothing but bytes.
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: FILE_LIMIT }, (_, body, done) => done(null, body));
    for (const one of all.filter((each) => each.contract.body === 'file')) {
      scope.route({ method: one.contract.method, url: one.contract.path, bodyLimit: FILE_LIMIT, ...perform(one) });
    }
  });
  server.get('/openapi.json', async () => description);
  const web = options.web && existsSync(options.web) ? options.web : undefined;
  if (web) await serveWeb(server, web);
  server.setNotFoundHandler((request, reply) => {
    // An address inside the web is the web's own to understand; a missing asset is missing.
    const path = withoutQuery(request.url);
    if (web && request.method === 'GET' && path.startsWith('/console/') && !/^\/console\/assets\/|%|\.\./.test(path))
      return reply.sendFile('index.html');
    return sendRefused(reply, notFound('没有这个地址'));
  });
  return server;
}

function builtIn(options: Parameters<typeof buildServer>[0], tell: (fault: object) => void): Route[] {
  return [
    route(healthContract, async ({ system }) => {
      const warnings = await findWarnings(system).catch(() => undefined);
      if (!warnings) return unavailable;
      return { status: 'ok' as const, warnings: [...warnings, ...((await options.warnings?.()) ?? [])] };
    }),
    route(deploymentContract, async ({ system, today, atTheDoor }) => {
      const { rows } = await atTheDoor((tx) =>
        sql<{ mode: 'demo' | 'real' }>`select mode from platform.deployment`.execute(tx),
      );
      return { demo: system.demo, mode: rows[0]?.mode ?? ('unprepared' as const), today, publicUrl: system.publicUrl };
    }),
    route(reportFault, async ({ input, request }) => {
      tell({ request, ...input });
      return { code: request };
    }),
  ];
}

const unavailable: Refused = { allowed: false, refusals: [{ reason: '数据库没有应答' }], status: 503 };

const healthContract = contract({
  method: 'GET',
  path: '/health',
  label: '运行状况',
  may: ['anyone'],
  input: z.object({}),
  output: z.object({ status: z.literal('ok'), warnings: z.array(z.string()) }),
});

/** A refusal on its way out through a transaction or a handler. */
class Answered extends Error {
  refused: Refused;
  constructor(refused: Refused) {
    super('answered');
    this.refused = refused;
  }
}

function performer(options: Parameters<typeof buildServer>[0], secure: boolean) {
  const { system } = options;
  const cookieName = cookieNameOf(system.publicUrl);
  const errandName = `${cookieName}-errand`;
  const cookieOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;

  const callers = new WeakMap<FastifyRequest, Person>();
  const halves = new WeakMap<FastifyRequest, Halfway>();
  const doorOf =
    (request: FastifyRequest) =>
    <T>(work: (tx: Transaction) => Promise<T>) =>
      transact(system, door(system.clock, request.id), work);

  return (one: Route) => {
    const { contract: of } = one;
    const readInput = inputReader(of);
    // Before the body is read: nobody sends 25 MB to a route they may not call.
    const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
      const token = request.cookies[cookieName];
      if (token) {
        await doorOf(request)(async (tx) => {
          const session = await findSession(tx, token, system.clock.now());
          const person = session && (await options.resolvePerson(tx, session.accountId, session.postId));
          const missing = person && missingFactor(session, demandsSecondFactor(system, session, person));
          if (missing) halves.set(request, { person, missing });
          else if (person) callers.set(request, person);
        });
      }
      const unfit = unfitFor(of, callers.get(request)) ?? movedOn(request, callers.get(request));
      if (unfit) return sendRefused(reply, unfit);
    };
    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      const today = system.clock.today();
      const now = system.clock.now();
      const atTheDoor = doorOf(request);
      const token = request.cookies[cookieName];
      const signedIn = callers.get(request);
      const given = readInput(request);
      if ('refusals' in given) return sendRefused(reply, { allowed: false, refusals: given.refusals }, 400);

      const asked: Asked<unknown> = {
        input: given.input,
        get person() {
          if (!signedIn) throw new Answered(NOT_SIGNED_IN);
          return signedIn;
        },
        signedIn,
        halfway: halves.get(request),
        system,
        today,
        now,
        address: request.ip,
        request: request.id,
        postponable: isPostponable(of, signedIn),
        ...(of.body === 'file' && { file: fileOf(request) }),
        act: (work) => transact(system, { ...asked.person.actor, today, request: request.id }, work),
        atTheDoor,
        session: {
          token,
          agent: agentOf(request.headers['user-agent']),
          // As a length, not a moment: the clock of the computer in front of the person may be wrong.
          begin: (session) =>
            void reply.setCookie(cookieName, session.token, {
              ...cookieOptions,
              maxAge: Math.round((session.expiresAt.getTime() - now.getTime()) / 1000),
            }),
          async end() {
            if (token) await atTheDoor((tx) => endSession(tx, token, now));
            reply.clearCookie(cookieName, cookieOptions);
          },
        },
        errand: {
          carried: request.cookies[errandName],
          give: (sealed, minutes) =>
            void reply.setCookie(errandName, sealed, { ...cookieOptions, maxAge: minutes * 60 }),
          take: () => void reply.clearCookie(errandName, cookieOptions),
        },
      };
      const answer = await one.answer(asked as Asked<never>);
      if (isRefused(answer)) return sendRefused(reply, answer);
      reply.header('cache-control', 'no-store');
      if (of.output === 'workbook' || of.output === 'file') return sendFile(reply, answer as FileOutput);
      // The contract decides what goes out: a field it does not name stays here.
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(of.output.parse(plain(answer))));
    };
    return { onRequest, handler };
  };
}

export function isPostponable(of: Contract, person: Person | undefined): boolean {
  return (
    of.method === 'GET' &&
    (of.output === 'workbook' || of.later === true) &&
    ['office', 'body'].includes(person?.actor.standing ?? '')
  );
}

/** What a route answers a person who is not waiting at a browser: for the worker. Their standing and the input are looked at as ever. */
export async function answerLater(
  { contract: of, answer }: Route,
  about: { system: System; person: Person; input: unknown; request: string },
): Promise<unknown> {
  const { system, person, request } = about;
  const given = of.input.strict().safeParse(about.input);
  if (!given.success) return refuse({ reason: '清单的筛选条件已不再适用，请重新导出。' });
  const unfit = unfitFor(of, person);
  if (unfit) return unfit;
  const today = system.clock.today();
  const nobody = (): never => {
    throw new Error(`${of.path}: no browser is waiting`);
  };
  const asked: Asked<unknown> = {
    ...{ input: given.data, person, signedIn: person, halfway: undefined, system, today, now: system.clock.now() },
    ...{ address: '', request, postponable: false, atTheDoor: nobody },
    act: (work) => transact(system, { ...person.actor, today, request }, work),
    session: { token: undefined, agent: undefined, begin: nobody, end: nobody },
    errand: { carried: undefined, give: nobody, take: nobody },
  };
  return answer(asked as Asked<never>);
}

async function transact<T>(system: System, actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<T> {
  try {
    return await system.database.transaction(actor, async (tx) => {
      const result = await work(tx);
      if (isRefused(result)) throw new Answered(result);
      return result;
    });
  } catch (error) {
    if (error instanceof Answered) return error.refused as T;
    if (error instanceof OfficeEnded)
      return forbidden('您的这项任职刚刚停止（离任、停职，或所代理的人已返岗），没有办理。请刷新页面。') as T;
    throw error;
  }
}

export function isRefused(value: unknown): value is Refused {
  return (
    typeof value === 'object' && value !== null && 'allowed' in value && value.allowed === false && 'refusals' in value
  );
}

/** The ready sign-ins of a demo are for whoever just started it; nobody's data lie behind them. A demo account elsewhere would be no exception. */
export function demandsSecondFactor(system: Pick<System, 'demo'>, account: { demo: boolean }, person: Person): boolean {
  return person.demandsSecondFactor === true && !(system.demo && account.demo);
}

const NOT_SIGNED_IN: Refused = { allowed: false, refusals: [{ reason: '请先登录' }], status: 401 };

function unfitFor(of: Contract, person: Person | undefined): Refused | undefined {
  if (of.may.includes('anyone')) return undefined;
  if (!person) return NOT_SIGNED_IN;
  const may = of.may.some((one) => one === 'signed-in' || person.actor.standing === one);
  if (may) return undefined;
  const as = [person.post.organisationName, person.post.title].filter(Boolean).join(' ');
  return forbidden(`您现在以“${as}”的身份操作，不能办理“${of.label}”。`);
}

/** A page says in which post it believes to act. When that ended, or another tab switched, nothing is done in a post that nobody sees. */
function movedOn(request: FastifyRequest, person: Person | undefined): Refused | undefined {
  const shown = request.headers[POST_HEADER];
  if (!person || request.method === 'GET' || shown === undefined || shown === String(person.post.id)) return undefined;
  const now = `${person.post.organisationName} ${person.post.title}`.trim();
  return {
    allowed: false,
    refusals: [{ reason: `您的身份已经变为“${now}”，没有办理。请刷新页面，看清当前身份后再办。` }],
    status: 409,
  };
}

// ── Input

/** Reads the fields of a contract from path, query and body, and says what is wrong with each in Chinese. */
function inputReader(
  of: Contract,
): (request: FastifyRequest) => { input: unknown } | { refusals: readonly [Refusal, ...Refusal[]] } {
  const schema = of.input.strict();
  const shape = of.input.shape as Record<string, z.ZodType>;
  const inPath = new Set(pathParameters(of.path));
  const inText = of.method === 'GET' || of.body === 'file' ? Object.keys(shape) : [...inPath];
  const kinds = new Map(inText.map((name) => [name, kindOf(shape[name]!)]));
  const bounded = new Set(Object.keys(shape).filter((name) => isBounded(shape[name]!)));
  return (request) => {
    const fields: Record<string, unknown> = {};
    if (of.method === 'GET' || of.body === 'file') {
      Object.assign(fields, request.query);
      if (!('name' in shape) && of.body === 'file') delete fields.name;
    } else if (request.body !== undefined && request.body !== null) {
      if (typeof request.body !== 'object' || Array.isArray(request.body))
        return { refusals: [{ reason: '请求的内容应为一个对象' }] };
      Object.assign(fields, request.body);
    }
    Object.assign(fields, request.params);
    for (const [name, kind] of kinds) if (name in fields) fields[name] = fromText(fields[name], kind);
    const read = schema.safeParse(fields, { error: complain });
    const [first, ...others] = read.success
      ? Object.entries(read.data).flatMap(([name, value]) => unstorable(value, name, bounded))
      : read.error.issues.flatMap(refusalsOf);
    return first ? { refusals: [first, ...others] } : { input: read.data };
  };
}

/** The largest whole number of PostgreSQL's `int`. */
const LARGEST = 2_147_483_647;

/** Whether the contract itself says how large a number may be; zod's `int()` alone sets the largest that is exact. */
function isBounded(schema: z.ZodType): boolean {
  const { innerType } = schema.def as { innerType?: z.ZodType };
  if (innerType) return isBounded(innerType);
  const { maxValue } = schema as { maxValue?: number | null };
  return typeof maxValue === 'number' && maxValue < Number.MAX_SAFE_INTEGER;
}

/** What no column of the database can hold, whatever a contract lets pass: NUL, half a character, a day of the year 0, numbers beyond `int`. */
function unstorable(value: unknown, field: string, bounded: ReadonlySet<string>): Refusal[] {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) return [{ reason: '含有无法保存的字符，请删去后重填', field }];
    return /^0000-\d\d-\d\d$/.test(value) ? [{ reason: '没有这一天', field }] : [];
  }
  if (typeof value === 'number')
    return Math.abs(value) > LARGEST && !bounded.has(field) ? [{ reason: '数字太大', field }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => unstorable(one, `${field}.${name}`, bounded));
}

type Kind = 'text' | 'number' | 'boolean' | 'texts' | 'numbers';

/** What a field is, seen through optional, default and the like. */
function kindOf(schema: z.ZodType): Kind {
  const def = schema.def as { type: string; innerType?: z.ZodType; in?: z.ZodType; element?: z.ZodType };
  if (def.innerType) return kindOf(def.innerType);
  if (def.type === 'pipe' && def.in) return kindOf(def.in);
  if (def.type === 'array') return def.element && kindOf(def.element) === 'number' ? 'numbers' : 'texts';
  return def.type === 'number' || def.type === 'boolean' ? def.type : 'text';
}

/** Addresses know only text; a field asked for once arrives alone even where many may come. */
function fromText(value: unknown, kind: Kind): unknown {
  if (kind === 'texts' || kind === 'numbers') {
    return (Array.isArray(value) ? value : [value]).map((one) => fromText(one, kind === 'numbers' ? 'number' : 'text'));
  }
  if (kind === 'number' && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (kind === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

/** For issues a contract does not word itself. */
function complain(issue: z.core.$ZodRawIssue): string {
  const { code } = issue;
  if (code === 'invalid_type')
    return issue.input === undefined || issue.input === null || issue.input === ''
      ? '请填写'
      : `应为${TYPES[issue.expected] ?? '另一种内容'}`;
  if (code === 'too_small' && issue.origin === 'string')
    return issue.minimum === 1 ? '请填写' : `至少 ${issue.minimum} 个字`;
  if (code === 'too_big' && issue.origin === 'string') return `最多 ${issue.maximum} 个字`;
  if (code === 'too_small' && issue.origin === 'array') return `至少 ${issue.minimum} 项`;
  if (code === 'too_big' && issue.origin === 'array') return `最多 ${issue.maximum} 项`;
  if (code === 'too_small') return issue.inclusive ? `不能小于 ${issue.minimum}` : `应大于 ${issue.minimum}`;
  if (code === 'too_big') return issue.inclusive ? `不能大于 ${issue.maximum}` : `应小于 ${issue.maximum}`;
  if (code === 'invalid_value') return `应为 ${issue.values.map(String).join('、')} 之一`;
  if (code === 'unrecognized_keys') return '不认识的字段';
  return '格式不对';
}

const TYPES: Record<string, string> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: '是或否',
  array: '列表',
  object: '对象',
};

function refusalsOf(issue: z.core.$ZodIssue): Refusal[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ reason: issue.message, field: [...issue.path, key].join('.') }));
  return [{ reason: issue.message, ...(issue.path.length > 0 && { field: issue.path.join('.') }) }];
}

function fileOf(request: FastifyRequest): NonNullable<Asked<unknown>['file']> {
  const bytes = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0)
    throw new Answered(refuse({ reason: '没有收到文件，或文件是空的', field: 'file' }));
  const given = (request.query as { name?: unknown }).name;
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() || 'application/octet-stream';
  return { name: fileName(typeof given === 'string' ? given : ''), mediaType, bytes };
}

/** The last part of a path, without what a file system or a header would stumble over. */
function fileName(given: string): string {
  const name = (given.split(/[/\\]/).at(-1) ?? '').replace(/[\p{Cc}\p{Cf}"<>|:*?]/gu, '').trim();
  return name.slice(-150) || '未命名文件';
}

// ── Output

/** JSON knows neither bigint nor Date: digits, and the instant in ISO form. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

function sendRefused(reply: FastifyReply, refused: Refused, status?: number): FastifyReply {
  return reply
    .code(status ?? refused.status ?? 422)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ refusals: refused.refusals, request: reply.request.id }));
}

function sendFile(reply: FastifyReply, file: FileOutput): FastifyReply {
  const encoded = encodeURIComponent(file.name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  reply.header('content-disposition', `attachment; filename*=UTF-8''${encoded}`).type(file.mediaType);
  return reply.send(
    file.bytes instanceof Uint8Array
      ? Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength)
      : Readable.from(file.bytes),
  );
}

// ── The web

async function serveWeb(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(files, {
    root: folder,
    prefix: '/console/',
    wildcard: true,
    index: ['index.html'],
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Vite puts the digest of the content into the names under assets/.
      const forever = /[\\/]assets[\\/]/.test(path);
      reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  server.get('/', async (_, reply) => reply.redirect('/console/'));
  // Short enough to be typed from paper.
  server.get<{ Params: { code: string } }>('/v/:code', async (request, reply) =>
    reply.redirect(`/console/v/${encodeURIComponent(request.params.code)}`),
  );
  server.get('/console', async (_, reply) => reply.redirect('/console/'));
}

// ── Security

const SECURITY_HEADERS = {
  // antd writes its styles into the page, hence unsafe-inline for styles alone.
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Browsers send Origin with every write. It must name this site: its public address, or the host that was asked. */
function isFromHere(request: FastifyRequest, publicUrl: string): boolean {
  const { origin } = request.headers;
  if (!origin || !URL.canParse(origin)) return false;
  return origin === new URL(publicUrl).origin || new URL(origin).host === request.host;
}

/** Cookies are shared by all ports of a host, so two deployments on one machine must not use one name. */
function cookieNameOf(publicUrl: string): string {
  const url = new URL(publicUrl);
  return url.protocol === 'https:' ? '__Host-gongzhi' : `gongzhi_${url.port || '80'}`;
}

const WRONG_REQUESTS: Record<string, [number, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, '内容太大：文件不超过 25 MB，其他内容不超过 10 MB'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, '请求的内容应为 JSON'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, '请求的内容不是正确的 JSON'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, '请求没有内容'],
  // The database's own: see migrations/0016-offices.sql and 0019-witnessing.sql.
  GZ011: [422, '系统、安全、审计三个管理员的职务，同一人不得兼任或代理'],
  GZ002: [503, '系统刚从备份恢复，正在等待与见证方核对；核对之前只能查看，不能办理。请稍后再试，或联系管理员。'],
};

/** The database's words for a connection that is not there, not yet there or no longer there; the last two are the library's. */
const OUT_OF_REACH = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  '08006',
  '53300',
  '57P01',
  '57P02',
  '57P03',
]);
const BROKEN_OFF = /^(Connection terminated|Client has encountered a connection error)/;

/** What is nobody's mistake and ends by itself or by the administrator's hand; undefined for a fault of the program. */
function passingTrouble(error: Error & { code?: string; syscall?: string }, reading: boolean): string | undefined {
  const { code = '', syscall, message } = error;
  if (['53100', 'ENOSPC', 'EDQUOT'].includes(code))
    return '服务器的磁盘已满，这次没有办成，也没有改动任何内容；查看不受影响。请联系管理员腾出空间后再办。';
  const isFile = code === 'ENOENT' && syscall !== 'connect';
  if (isFile || !(OUT_OF_REACH.has(code) || BROKEN_OFF.test(message))) return undefined;
  return reading
    ? '数据库暂时没有应答，正在恢复。请稍后再试。'
    : '数据库的连接中断，还不能确定是否办成。请稍后刷新，看过结果再决定是否重办。';
}

/** Ten letters and digits that cannot be misheard, in two groups: read out over the telephone. */
function newRequestName(): string {
  const draw = () => Array.from({ length: 5 }, () => '23456789ABCDEFGHJKMNPQRSTUVWXYZ'.charAt(randomInt(31))).join('');
  return `${draw()}-${draw()}`;
}

/** Where it happened, and of the database its code: messages of the database and of zod may quote what a person entered. */
function traceOf(
  error: Error & { code?: string; table?: string; constraint?: string; severity?: string; routine?: string },
): object {
  const where = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim());
  if (error instanceof z.ZodError)
    return { kind: 'contract', fields: error.issues.map((issue) => `${issue.path.join('.')} ${issue.code}`), where };
  if (error.severity && error.routine)
    return { kind: 'database', code: error.code, table: error.table, constraint: error.constraint, where };
  return { kind: error.name, message: error.message, where };
}

function withoutQuery(url: string): string {
  return url.split('?', 1)[0]!;
}
