/** What offices of the demo wrote: notices drafted, sealed, posted in groups, one withdrawn, a reminder still to be sealed; each by the command they would use. */
import { divisionRange } from '../../kernel/identifiers.ts';
import { addDays, type LocalDate } from '../../kernel/local-date.ts';
import { draftReminderTo } from '../../oversight/duties/index.ts';
import { type Actor, type Database, sql, type Transaction } from '../../platform/database.ts';
import type { FileStore } from '../../platform/files.ts';
import type { Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import {
  addSealedCopy,
  type By,
  draftDocument,
  tickPosting,
  withdrawDocument,
} from '../../procedures/documents/index.ts';
import { addGroups } from '../../registers/groups/index.ts';

type Part = 'bureauOfficer' | 'communityWorker';

interface Officer {
  personId: number;
  postId: number;
  organisationId: number;
  area: string;
}

/** One transaction an office, each only while nothing of it is there: a start that was cut off goes on. */
export async function writeDocuments(
  { database, files, publicUrl = 'http://127.0.0.1' }: { database: Database; files?: FileStore; publicUrl?: string },
  officerAs: (part: Part) => Promise<Officer>,
  anchor: LocalDate,
): Promise<void> {
  if (!files) return;
  const means = { files, publicUrl, demo: true };
  const as = async (part: Part, work: (tx: Transaction, by: By & { organisationId: number }) => Promise<void>) => {
    const { area, ...officer } = await officerAs(part);
    const actor: Actor = { standing: 'office', ...divisionRange(area), ...officer, today: anchor };
    await database.transaction(actor, async (tx) => {
      const { organisationId } = officer;
      const { rows } = await sql<{ name: string; done: boolean }>`
        select name, exists (select from documents.document d where d.organisation_id = o.id) as done
        from registers.organisation o where id = ${organisationId}`.execute(tx);
      if (rows[0]!.done) return;
      const post = { id: officer.postId, organisationId, organisationName: rows[0]!.name, areaCode: area };
      await work(tx, { personId: officer.personId, actor, post, organisationId });
    });
  };
  const made = async (answer: Promise<{ id: number } | Refused>): Promise<{ id: number }> => {
    const result = await answer;
    if ('allowed' in result) throw new Error(`演示文件没有写成：${result.refusals[0].reason}`);
    return result;
  };
  const seal = (tx: Transaction, by: By, id: number, documentNumber: string) =>
    made(
      addSealedCopy(
        tx,
        by,
        { id, documentNumber, issuedOn: anchor },
        { name: '演示盖章件.pdf', bytes: scanOf([documentNumber, `第 ${id} 号`]) },
        anchor,
        means,
      ),
    );

  await as('bureauOfficer', async (tx, by) => {
    const notice = (title: string, words: readonly string[]) =>
      made(
        draftDocument(
          tx,
          by,
          {
            kind: 'notice',
            title,
            addressee: '各街道、各社区、各物业服务企业',
            place: { area: by.post.areaCode! },
            isPublic: true,
            passages: words.map((text) => ({ text })),
          },
          anchor,
          means,
        ),
      );
    const safety = await notice('关于做好冬季用电用火安全检查的通知（演示）', [
      '天气转冷，用电用火增多。请各物业服务企业在本月底前，对楼道、地下车库和电动自行车停放处检查一遍。',
      '检查中发现的隐患，能当场改的当场改；不能当场改的，先设警示，再报所在社区。',
    ]);
    await seal(tx, by, safety.id, '示建（演示）〔2026〕12号');
    const twice = await notice('关于报送小区台账的通知（演示）', ['请各社区报送所辖小区的台账。']);
    await seal(tx, by, twice.id, '示建（演示）〔2026〕13号');
    await made(withdrawDocument(tx, by, twice.id, '台账系统里已经有了，不再要求报送', anchor));
    const { rows } = await sql<{ bearer: number }>`
      select bearer_id as bearer from oversight.duty_standing where standing = 'overdue' and effect not in ('trial', 'informs')
        and bearer_id <> ${by.organisationId}::int group by 1 order by count(*) desc, 1 limit 1`.execute(tx);
    if (rows[0])
      await made(draftReminderTo(tx, by, { bearer: rows[0].bearer, until: addDays(anchor, 10) }, anchor, means));
  });

  await as('communityWorker', async (tx, by) => {
    const area = by.post.areaCode!;
    const { lo, hi } = divisionRange(area);
    const { rows: estates } = await sql<{ id: number; scope: string; name: string; company: number | null }>`
      select e.id, e.scope, e.name, (select p.company_id from registers.service_project p where p.estate_id = e.id and p.ended_on is null
        order by p.id desc limit 1) as company
      from registers.estate e where e.scope >= ${lo} and e.scope < ${hi} order by e.scope`.execute(tx);
    const groups = await addGroups(
      tx,
      estates.flatMap(({ id, scope, name, company }) => [
        {
          estateId: id,
          scope,
          name: `${name}业主群（演示）`,
          kind: 'owners' as const,
          organisationId: by.organisationId,
          addedOn: anchor,
        },
        ...(company === null
          ? []
          : [
              {
                estateId: id,
                scope,
                name: `${name}物业服务群（演示）`,
                kind: 'service' as const,
                organisationId: company,
                addedOn: anchor,
              },
            ]),
      ]),
    );
    await record(tx, {
      chain: `organisation:${by.organisationId}`,
      act: 'groups.added',
      object: `area:${area}`,
      detail: { groups: groups.length },
    });
    const { id } = await made(
      draftDocument(
        tx,
        by,
        {
          kind: 'notice',
          title: '关于二次供水设施检修停水的通知（演示）',
          addressee: '各位业主',
          place: { area },
          isPublic: true,
          passages: [
            { text: '因二次供水设施检修，本周六上午八时至十二时停水，请提前储水。' },
            { text: '家中有老人、病人需要送水的，请告诉楼栋长或社区，我们送水上门。' },
          ],
        },
        anchor,
        means,
      ),
    );
    await seal(tx, by, id, '春社（演示）〔2026〕3号');
    if (groups[0] !== undefined) await made(tickPosting(tx, by, { id, group: groups[0] }, anchor));
  });
}

/** A page that stands for a scan: words in a font that readers of PDF bring along. */
export function scanOf(lines: readonly string[]): Buffer {
  const shown = ['演示盖章件', ...lines, '本文件为演示数据，内容均为虚构，不是正式文件。'];
  const text = shown
    .map((line, at) => `BT /F1 ${at === 0 ? 28 : 16} Tf 72 ${740 - at * 44} Td <${hexOf(line)}> Tj ET`)
    .join('\n');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >>',
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>',
  ];
  let body = '%PDF-1.4\n';
  const places = objects.map((object, at) => {
    const place = body.length;
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return String(place).padStart(10, '0');
  });
  const table = ['0000000000 65535 f ', ...places.map((place) => `${place} 00000 n `)].join('\n');
  const size = objects.length + 1;
  return Buffer.from(
    `${body}xref\n0 ${size}\n${table}\ntrailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
  );
}

/** UCS-2, big end first. */
function hexOf(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex');
}
