/** Asking for an export, writing it as whoever asked, handing it over. */
import type { FileOutput } from '../../kernel/contract.ts';
import { addDays } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import {
  type Asked,
  answerLater,
  isPostponable,
  isRefused,
  notFound,
  type Refused,
  type Route,
  refuse,
} from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { door } from '../../platform/sign-in.ts';
import type { System } from '../../platform/system.ts';
import { resolvePerson } from '../people/index.ts';
import { refusalsOfFetching } from './rules.ts';
import { addExport, findExport, type KeptExport, keepProblem, keepWritten } from './store.ts';

/** Ours: for so many days a written export can be fetched. */
const KEPT_DAYS = 7;

export async function ask(
  routes: readonly Route[],
  { input: { path, input }, person, system, today, now, act }: Asked<{ path: string; input: Record<string, unknown> }>,
): Promise<{ id: number } | Refused> {
  const route = routes.find((one) => one.contract.path === path && isPostponable(one.contract, person));
  if (!route?.contract.may.some((one) => one === 'signed-in' || one === person.actor.standing))
    return notFound('没有这张清单，或您不能导出');
  if (!route.contract.input.strict().safeParse(input).success)
    return refuse({ reason: '筛选条件不对，请回到清单重新导出。' });
  const { label } = route.contract;
  return act(async (tx) => {
    const id = await addExport(tx, person, { path, label, input, askedAt: now, keptUntil: addDays(today, KEPT_DAYS) });
    await system.jobs.enqueue(tx, 'exports:write', { id });
    await record(tx, {
      chain: `organisation:${person.post.organisationId!}`,
      act: 'exports.asked',
      object: `export:${id}`,
      detail: { label },
    });
    return { id };
  });
}

/** Writes one export as whoever asked, in the post they asked in: it holds what they may see now. Run twice it writes once. */
export async function write(routes: readonly Route[], system: System, id: number): Promise<void> {
  const engine = { standing: 'engine', today: system.clock.today() } as const;
  const job = await system.database.transaction(engine, (tx) => findExport(tx, id));
  if (!job || job.digest !== null) return;
  const failed = (problem: string) => system.database.transaction(engine, (tx) => keepProblem(tx, id, problem));
  const request = `export-${id}`;
  const person = await system.database.transaction(door(system.clock, request), (tx) =>
    resolvePerson(tx, job.accountId, job.postId),
  );
  if (person?.post.id !== job.postId) return failed('您已不在申请时的职务上，请以现在的职务重新导出。');
  const route = routes.find((one) => one.contract.path === job.path && isPostponable(one.contract, person));
  if (!route) return failed('系统里已没有这张清单，请重新导出。');
  try {
    const answer = await answerLater(route, { system, person, input: job.input, request });
    if (isRefused(answer)) return failed(answer.refusals.map((one) => one.reason).join('；'));
    await keep(
      system,
      job,
      answer as FileOutput,
      person.bars.map((one) => one.id),
    );
  } catch (error) {
    await failed('系统出错，没有写成。稍后会自动再试；仍不成功的，请告诉管理员。');
    throw error;
  }
}

async function keep(system: System, job: KeptExport, file: FileOutput, barred: readonly number[]): Promise<void> {
  const bytes = await wholeOf(file);
  await system.database.transaction({ standing: 'engine', today: system.clock.today() }, async (tx) => {
    const digest = await system.files.put(tx, bytes, file.mediaType, { keepUntil: job.keptUntil });
    await keepWritten(tx, job.id, { name: file.name, bytes: bytes.length, digest, barred });
  });
}

export async function fetch({
  input,
  person,
  system,
  today,
  act,
}: Asked<{ id: number }>): Promise<FileOutput | Refused> {
  return act(async (tx) => {
    const job = await findExport(tx, input.id);
    if (!job?.digest) return notFound();
    const { keptUntil, barred } = job;
    const verdict = verdictOf(
      refusalsOfFetching({ today, keptUntil, barred: barred!, bars: person.bars.map((one) => one.id) }),
    );
    if (!verdict.allowed) return verdict;
    const file = await system.files.get(tx, job.digest);
    if (!file) return notFound();
    await record(tx, {
      chain: `organisation:${job.organisationId}`,
      act: 'exports.fetched',
      object: `export:${job.id}`,
      detail: { label: job.label },
    });
    return { name: job.name!, mediaType: file.media, bytes: file.bytes };
  });
}

async function wholeOf({ bytes }: FileOutput): Promise<Buffer> {
  if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}
