/** The units of an invented estate with their owners, made from a plan of a few numbers whenever they are needed. */
import { dateOf, type LocalDate } from '../../kernel/local-date.ts';
import type { NewUnit } from '../../registers/estates/index.ts';
import { drawsOf } from './draws.ts';
import { personName } from './names.ts';
import type { UnitPlan } from './roster.ts';

export interface InventedUnits {
  units: (NewUnit & { areaCentiM2: bigint | null })[];
  owners: { name: string; phone?: string }[];
  /** Places in the two lists. A unit without an owner is one nobody has told us about. */
  ownerships: { unit: number; owner: number; fromOn: LocalDate | null }[];
}

export function unitsOf(seed: number, plan: UnitPlan): InventedUnits {
  const draws = drawsOf(seed, 'units', plan.key);
  const made: InventedUnits = { units: [], owners: [], ownerships: [] };
  const addOwner = () => {
    const owner = made.owners.length;
    made.owners.push({
      name: ownerName(seed, plan, owner),
      ...(owner < plan.phones && { phone: inventedPhone(draws.below(10_000_000)) }),
    });
    return owner;
  };
  const boughtOn = () => (draws.percent(10) ? null : draws.day(dateOf(plan.builtIn, 1, 1), plan.until));
  const own = (unit: number, owner: number) => made.ownerships.push({ unit, owner, fromOn: boughtOn() });

  const parking = Math.floor((plan.units * plan.parking) / 100);
  const shops = Math.floor((plan.units * plan.shops) / 100);
  const dwellings = plan.units - parking - shops;
  const perBuilding = plan.floors * plan.perFloor;
  const sizes = Array.from({ length: plan.perFloor }, () => draws.between(48_00, 142_00));
  for (let dwelling = 0; dwelling < dwellings; dwelling += 1) {
    const inBuilding = dwelling % perBuilding;
    const door = inBuilding % plan.perFloor;
    const unit = made.units.push({
      building: `${Math.floor(dwelling / perBuilding) + 1}幢`,
      name: `${Math.floor(inBuilding / plan.perFloor) + 1}${String(door + 1).padStart(2, '0')}`,
      kind: 'dwelling',
      areaCentiM2: draws.percent(3) ? null : BigInt(sizes[door]!),
    });
    if (dwelling >= plan.firstOwners.length && draws.percent(2)) continue;
    const again = dwelling > 20 && draws.percent(4);
    own(unit - 1, again ? draws.below(made.owners.length) : addOwner());
    if (dwelling >= plan.firstOwners.length && draws.percent(5)) own(unit - 1, addOwner());
  }
  for (let shop = 0; shop < shops; shop += 1) {
    const unit = made.units.push({
      building: '沿街商铺',
      name: `商${shop + 1}`,
      kind: 'shop',
      areaCentiM2: BigInt(draws.between(25_00, 180_00)),
    });
    own(unit - 1, addOwner());
  }
  for (let place = 0; place < parking; place += 1) {
    const unit = made.units.push({
      building: '地下车库',
      name: `车位${place + 1}`,
      kind: 'parking',
      areaCentiM2: 12_72n,
    });
    if (!draws.percent(15)) own(unit - 1, draws.below(made.owners.length));
  }
  return made;
}

/** The name of the nth owner; asked for alone where a committee is put together. */
export function ownerName(seed: number, plan: UnitPlan, owner: number): string {
  return plan.firstOwners[owner] ?? personName(drawsOf(seed, 'owner', plan.key, owner));
}

/** Of a number range that, as far as we know, no operator gives to subscribers. */
export function inventedPhone(serial: number): string {
  return `1540${String(serial).padStart(7, '0')}`;
}
