/** Acts on estates. Opening records itself (migrations/0015-sealed-reads.sql). */
import { verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Refused } from '../../platform/http.ts';
import type { Sealing } from '../../platform/sealing.ts';
import { refusalsOfReason } from '../sealed/index.ts';

export interface OpenedPhone {
  buildingName: string;
  unitName: string;
  name: string;
  phone: string | null;
}

/** Every telephone of an estate's owners of today, all for one reason. */
export async function openOwnerPhones(
  tx: Transaction,
  sealing: Sealing,
  { id, reason }: { id: number; reason: string },
  today: string,
): Promise<OpenedPhone[] | Refused> {
  const verdict = verdictOf(refusalsOfReason(reason));
  if (!verdict.allowed) return verdict;
  const estate = await sql`select from registers.estate where id = ${id}`.execute(tx);
  if (estate.rows.length === 0) return notFound();
  const { rows } = await sql<Omit<OpenedPhone, 'phone'> & { subject: string; sealed: Buffer }>`
    select b.name as "buildingName", u.name as "unitName", p.name, p.subject, p.phone_sealed as sealed
    from registers.ownership o join registers.person p on p.id = o.person_id join registers.unit u on u.id = o.unit_id
      join registers.building b on b.id = u.building_id
    where o.estate_id = ${id} and coalesce(o.from_on, '-infinity') <= ${today}::date and coalesce(o.to_on, 'infinity') > ${today}::date
      and p.phone_sealed is not null
    order by length(b.name), b.name, length(u.name), u.name, o.id`.execute(tx);
  const phones = await sealing.openMany(
    tx,
    rows.map(({ subject, sealed }) => ({ subject, field: 'phone', sealed })),
    { kind: 'export', reason },
  );
  return rows.map(({ buildingName, unitName, name }, at) => ({ buildingName, unitName, name, phone: phones[at]! }));
}
