/** SQL of owners' ways to an account. */
import { sql, type Transaction } from '../../platform/database.ts';
import { createAccount } from '../../platform/sign-in.ts';
import { addPost } from '../people/index.ts';

export interface UnitOwner {
  personId: number;
  name: string;
  scope: string;
  phoneTail: string | null;
  phoneHash: Buffer | null;
  identityHash: Buffer | null;
  accountId: number | null;
  fromOn: string | null;
}

export interface Place {
  unitId: number;
  estateId: number;
  scope: string;
  estateName: string;
  unitName: string;
}

/** The unit, if the caller sees it. */
export async function findPlace(tx: Transaction, unitId: number): Promise<Place | undefined> {
  const { rows } = await sql<Place>`
    select u.id as "unitId", u.estate_id as "estateId", e.scope, e.name as "estateName", b.name || ' ' || u.name as "unitName"
    from registers.unit u join registers.building b on b.id = u.building_id join registers.estate e on e.id = u.estate_id
    where u.id = ${unitId}`.execute(tx);
  return rows[0];
}

/** Who owns the unit today. */
export async function findOwners(tx: Transaction, unitId: number): Promise<UnitOwner[]> {
  const { rows } = await sql<UnitOwner>`
    select p.id as "personId", p.name, p.scope, p.phone_tail as "phoneTail", p.phone_hash as "phoneHash", p.identity_hash as "identityHash",
      p.account_id as "accountId", o.from_on as "fromOn"
    from registers.ownership o join registers.person p on p.id = o.person_id
    where o.unit_id = ${unitId} and coalesce(o.from_on, '-infinity') <= platform.today() and coalesce(o.to_on, 'infinity') > platform.today()
    order by p.id`.execute(tx);
  return rows;
}

/** People who own something today and whose telephone this is, by its keyed hash in each district. */
export async function findOwnersByPhone(
  tx: Transaction,
  hashIn: (districtCode: string) => Buffer,
): Promise<{ personId: number; name: string; accountId: number | null; estateId: number; unitId: number }[]> {
  const { rows: districts } = await sql<{ code: string }>`
    select distinct left(code, 6) as code from registers.area`.execute(tx);
  const hashes = districts.map(({ code }) => hashIn(code));
  const { rows } = await sql<{
    personId: number;
    name: string;
    accountId: number | null;
    estateId: number;
    unitId: number;
  }>`
    select distinct on (p.id) p.id as "personId", p.name, p.account_id as "accountId", o.estate_id as "estateId", o.unit_id as "unitId"
    from registers.person p join registers.ownership o on o.person_id = p.id
    where p.phone_hash = any (${hashes}::bytea[]) and coalesce(o.from_on, '-infinity') <= platform.today()
      and coalesce(o.to_on, 'infinity') > platform.today()
    order by p.id, o.unit_id`.execute(tx);
  return rows;
}

/** As the engine: an account for an owner, and the post of an owner where there is none. Undefined when the name is taken. */
export async function openOwnerAccount(
  tx: Transaction,
  given: { personId: number; account: string; passwordHash?: string; today: string },
): Promise<number | undefined> {
  const accountId = await createAccount(tx, {
    name: given.account,
    ...(given.passwordHash && { passwordHash: given.passwordHash }),
  });
  if (accountId === undefined) return undefined;
  await sql`update registers.person set account_id = ${accountId} where id = ${given.personId}`.execute(tx);
  const { rows } = await sql`
    select from registers.post where person_id = ${given.personId} and role = 'owner' and coalesce(to_on, 'infinity') > ${given.today}::date`.execute(
    tx,
  );
  if (rows.length === 0)
    await addPost(tx, { personId: given.personId, organisationId: null, role: 'owner', fromOn: given.today });
  return accountId;
}

/** Adds a letter; one that was still open for this owner is void from now on. */
export async function addLetter(
  tx: Transaction,
  given: Place & { personId: number; codeHash: Buffer; voucherId: number | null; issuedOn: string; days: number },
): Promise<{ id: number; expiresOn: string }> {
  await sql`update registers.activation_letter set voided_on = ${given.issuedOn}
    where person_id = ${given.personId} and used_at is null and voided_on is null`.execute(tx);
  const { rows } = await sql<{ id: number; expiresOn: string }>`
    insert into registers.activation_letter (person_id, unit_id, estate_id, scope, code_hash, voucher_id, issued_on, expires_on)
    values (${given.personId}, ${given.unitId}, ${given.estateId}, ${given.scope}, ${given.codeHash}, ${given.voucherId}, ${given.issuedOn},
      ${given.issuedOn}::date + ${given.days}::int) returning id, expires_on as "expiresOn"`.execute(tx);
  return rows[0]!;
}

export interface OpenLetter {
  id: number;
  personId: number;
  unitId: number;
  estateId: number;
  tries: number;
  name: string;
  accountId: number | null;
}

/** As the engine: the letter of a code that can still be used, locked; its owner must still own the unit. */
export async function lockLetter(tx: Transaction, codeHash: Buffer): Promise<OpenLetter | undefined> {
  const { rows } = await sql<OpenLetter>`
    select l.id, l.person_id as "personId", l.unit_id as "unitId", l.estate_id as "estateId", l.tries, p.name, p.account_id as "accountId"
    from registers.activation_letter l join registers.person p on p.id = l.person_id
    where l.code_hash = ${codeHash} and l.used_at is null and l.voided_on is null and l.expires_on > platform.today()
      and exists (select from registers.ownership o where o.person_id = l.person_id and o.unit_id = l.unit_id
        and coalesce(o.to_on, 'infinity') > platform.today())
    for update of l`.execute(tx);
  return rows[0];
}

export interface Voucher {
  id: number;
  unitId: number;
  ownerName: string;
  vouchedBy: number;
  decided: boolean;
}

export async function lockVoucher(tx: Transaction, id: number): Promise<Voucher | undefined> {
  const { rows } = await sql<Voucher>`
    select id, unit_id as "unitId", owner_name as "ownerName", vouched_by as "vouchedBy", decided_by is not null as decided
    from registers.voucher where id = ${id} for update`.execute(tx);
  return rows[0];
}
