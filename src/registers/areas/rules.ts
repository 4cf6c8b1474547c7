/** Judgements about the administrative tree. Pure. */
import { type DivisionLevel, divisionRange, levelOfDivision } from '../../kernel/identifiers.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';

const order: readonly DivisionLevel[] = ['province', 'city', 'district', 'subdistrict', 'community'];

export interface AreaAsked {
  code: string;
  name: string;
  parentCode: string;
}

export interface AreaKnown {
  code: string;
  level: DivisionLevel;
  name: string;
  childNames: readonly string[];
}

/** Whether an area can be added below its parent: the code must lie inside the parent's, because scope is a range of codes. */
export function refusalsOfNewArea(asked: AreaAsked, parent: AreaKnown | null, taken: boolean): Refusal[] {
  const refusals: Refusal[] = [];
  const level = levelOfDivision(asked.code);
  if (level === null) refusals.push(refusal('区划代码应为 12 位数字', { field: 'code' }));
  if (taken) refusals.push(refusal(`区划代码 ${asked.code} 已经登记`, { field: 'code' }));
  if (!parent) return [...refusals, refusal(`没有代码为 ${asked.parentCode} 的上级区划`, { field: 'parentCode' })];
  const { lo, hi } = divisionRange(parent.code);
  if (asked.code === parent.code || asked.code < lo || asked.code >= hi) {
    refusals.push(refusal(`代码 ${asked.code} 不在${parent.name}（${parent.code}）的代码段内`, { field: 'code' }));
  } else if (level !== null && order.indexOf(level) <= order.indexOf(parent.level)) {
    refusals.push(refusal(`代码 ${asked.code} 的层级不低于${parent.name}`, { field: 'code' }));
  }
  if (parent.childNames.includes(asked.name))
    refusals.push(refusal(`${parent.name}下已有“${asked.name}”`, { field: 'name' }));
  return refusals;
}

/** Trial mode belongs to a sub-district, and ends on a day (decisions: nobody is compared while trying). */
export function refusalsOfTrial(area: { level: string; name: string }, until: string | null, today: string): Refusal[] {
  const refusals: Refusal[] = [];
  if (area.level !== 'subdistrict')
    refusals.push(refusal(`试运行按街道（乡镇）设定，${area.name}不是街道（乡镇）`, { field: 'code' }));
  if (until !== null && until < today)
    refusals.push(refusal('试运行截止日不能早于今天；要结束试运行，请清空日期', { field: 'until' }));
  return refusals;
}
