import type { LocalDate } from '../../kernel/local-date.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import { sql, type Transaction } from '../database.ts';
import { record } from '../journal.ts';
import { cosignedAt, readCheckpoint, type Signer, signNote, textOf } from './notes.ts';
import {
  addWitness,
  findDisagreements,
  findUnsettled,
  findWitnesses,
  isKeyUsed,
  removeWitness,
  resolveByRecovery,
  resolveByWitness,
  saveCosignature,
  saveDisagreement,
} from './store.ts';
import { rootAt, treeSize } from './tree.ts';

/** A clock of a witness may be off by so much; what is signed long before or after is an old note sent again. Ours. */
const CLOCK_APART_SECONDS = 15 * 60;

/**
 * A witness brings the checkpoint it keeps. If this database bears it out that is an agreement, which also ends the waiting after a restore;
 * if not, the note is kept as evidence. Undefined when no witness of ours has signed it just now.
 */
export async function takeCosignature(
  tx: Transaction,
  note: string,
  about: { origin: string; now: Date },
): Promise<{ agreed: boolean } | undefined> {
  const checkpoint = readCheckpoint(textOf(note));
  if (checkpoint?.origin !== about.origin || checkpoint.size === 0) return undefined;
  for (const witness of await findWitnesses(tx)) {
    const signed = cosignedAt(note, witness);
    if (!signed || Math.abs(signed.at - about.now.getTime() / 1000) > CLOCK_APART_SECONDS) continue;
    const { size } = checkpoint;
    const given = { size, witness: witness.id, now: about.now };
    if (size <= (await treeSize(tx)) && (await rootAt(tx, size)).equals(checkpoint.root)) {
      await saveCosignature(tx, { ...given, line: signed.line });
      await resolveByWitness(tx, size, about.now);
      return { agreed: true };
    }
    await saveDisagreement(tx, { ...given, note });
    return { agreed: false };
  }
  return undefined;
}

/** As 'engine': this database comes from a backup. Nothing is recorded in it until that is resolved. */
export async function noteRestoration(tx: Transaction, now: Date): Promise<void> {
  await sql`insert into platform.restoration (found_at, size) select ${now}, ${await sealedSize(tx)} where not exists (select from platform.restoration where resolved_at is null)`.execute(
    tx,
  );
}

export async function nameWitness(
  tx: Transaction,
  { name, publicKey, organisationId }: { name: string; publicKey: Buffer; organisationId: number },
  today: LocalDate,
): Promise<Refusal[]> {
  const problems = [
    ...(/^[^\s+]{2,40}$/.test(name) ? [] : [refusal('见证方的名称为 2 至 40 个字，不含空格和加号')]),
    ...(publicKey.length === 32 ? [] : [refusal('公钥不完整：请粘贴见证程序打印的整段公钥')]),
    ...((await findWitnesses(tx)).some((one) => one.name === name) ? [refusal(`已有名为“${name}”的见证方`)] : []),
    ...((await isKeyUsed(tx, publicKey)) ? [refusal('这个公钥已经用过，请让见证方另选文件夹重新开始')] : []),
  ];
  if (problems.length > 0) return problems;
  const id = await addWitness(tx, { name, publicKey }, today);
  await record(tx, {
    chain: `organisation:${organisationId}`,
    act: 'witnesses.added',
    object: `witness:${id}`,
    detail: { name, publicKey: publicKey.toString('base64') },
  });
  return [];
}

export async function dismissWitness(
  tx: Transaction,
  { name, reason, organisationId }: { name: string; reason: string; organisationId: number },
  today: LocalDate,
): Promise<Refusal[]> {
  const witness = (await findWitnesses(tx)).find((one) => one.name === name);
  const problems = [
    ...(witness ? [] : [refusal(`没有名为“${name}”的见证方`)]),
    ...(reason.trim().length >= 2 ? [] : [refusal('请写明撤销的理由')]),
  ];
  if (!witness || problems.length > 0) return problems;
  await removeWitness(tx, witness.id, today);
  await record(tx, {
    chain: `organisation:${organisationId}`,
    act: 'witnesses.removed',
    object: `witness:${witness.id}`,
    reason,
  });
  return [];
}

/**
 * Settles a restore although no witness agrees, or none can be asked, or one shows more after another agreed: a signed statement of what is lost,
 * kept for ever, told to witnesses and browsers, and recorded. `known` is the furthest checkpoint that somebody outside holds.
 */
export async function declareRecovery(
  tx: Transaction,
  given: { reason: string; organisationId: number; known?: { size: number; root: Buffer } },
  about: { signer: Signer; now: Date },
): Promise<{ statement: string } | Refusal[]> {
  if (given.reason.trim().length < 4) return [refusal('请写明恢复的原因和经过')];
  const restored = await findUnsettled(tx);
  if (!restored) return [refusal('没有等待核对的恢复')];
  const { id, size } = restored;
  const root = size === 0 ? undefined : await sealedRoot(tx, size);
  const furthest = (await findDisagreements(tx))[0];
  const heard = furthest && readCheckpoint(textOf(furthest.note));
  const known = [given.known, heard].filter((one) => one !== undefined).sort((a, b) => b.size - a.size)[0];
  const statement = signNote(
    [
      `${about.signer.name}/recovery`,
      `kept ${size}${root ? ` ${root.toString('base64')}` : ''}`,
      `lost ${known && known.size > size ? `${known.size} ${known.root.toString('base64')}` : 'unknown'}`,
      `at ${about.now.toISOString()}`,
      `reason ${given.reason.trim().replaceAll(/\s+/g, ' ')}`,
      '',
    ].join('\n'),
    about.signer,
  );
  await resolveByRecovery(tx, id, statement, about.now);
  await record(tx, {
    chain: `organisation:${given.organisationId}`,
    act: 'journal.recovered',
    object: `checkpoint:${size}`,
    reason: given.reason.trim(),
    detail: { statement },
  });
  return { statement };
}

async function sealedSize(tx: Transaction): Promise<number> {
  const { rows } = await sql<{
    size: bigint;
  }>`select coalesce(max(size), 0)::bigint as size from platform.checkpoint`.execute(tx);
  return Number(rows[0]!.size);
}

async function sealedRoot(tx: Transaction, size: number): Promise<Buffer> {
  const { rows } = await sql<{ root: Buffer }>`select root from platform.checkpoint where size = ${size}`.execute(tx);
  return rows[0]!.root;
}
