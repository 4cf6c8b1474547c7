/** Read-only views of owners' ways to an account. */
import type { OutputOf } from '../../kernel/contract.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Refused } from '../../platform/http.ts';
import type { listOwnersOfUnit, listVouchers } from './contract.ts';
import { findOwners, findPlace } from './store.ts';

export async function readOwnersOfUnit(
  tx: Transaction,
  unitId: number,
): Promise<OutputOf<typeof listOwnersOfUnit> | Refused> {
  const place = await findPlace(tx, unitId);
  if (!place) return notFound('没有这套房屋，或不在您的辖区内');
  const owners = await findOwners(tx, unitId);
  const { rows: letters } = await sql<{ personId: number; issuedOn: string; expiresOn: string }>`
    select person_id as "personId", issued_on as "issuedOn", expires_on as "expiresOn" from registers.activation_letter
    where person_id = any (${owners.map((one) => one.personId)}::int[]) and used_at is null and voided_on is null and expires_on > platform.today()`.execute(
    tx,
  );
  return {
    estateName: place.estateName,
    unitName: place.unitName,
    owners: owners.map((one) => {
      const letter = letters.find((each) => each.personId === one.personId);
      return {
        personId: one.personId,
        name: one.name,
        phoneTail: one.phoneTail,
        hasIdentity: one.identityHash !== null,
        hasAccount: one.accountId !== null,
        letter: letter ? { issuedOn: letter.issuedOn, expiresOn: letter.expiresOn } : null,
      };
    }),
  };
}

/** Those still waiting first. */
export async function readVouchers(tx: Transaction, estateId: number): Promise<OutputOf<typeof listVouchers>> {
  const { rows } = await sql<OutputOf<typeof listVouchers>['vouchers'][number]>`
    select v.id, b.name || ' ' || u.name as "unitName", v.owner_name as "ownerName", p.name as "vouchedBy", v.vouched_on as "vouchedOn", v.declined,
      case when v.decided_by is null then 'waiting' when v.declined is null then 'confirmed' else 'declined' end as state
    from registers.voucher v join registers.unit u on u.id = v.unit_id join registers.building b on b.id = u.building_id
    left join registers.person p on p.id = v.vouched_by
    where v.estate_id = ${estateId} order by v.decided_by is not null, v.id desc limit 200`.execute(tx);
  return { vouchers: rows };
}
