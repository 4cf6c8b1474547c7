// Cockpit and duty board of the whole district through the rooms under row-level security, against the same SQL by hand without it.

import { findDuties, findInterventions, readBoardOf } from '../src/oversight/duties/queries.ts';
import { readIndicators } from '../src/oversight/indicators/queries.ts';
import type { Transaction } from '../src/platform/database.ts';
import { type Result, sideBySide } from './measure.ts';
import { backendsOf, type Stage, withoutPolicies } from './stage.ts';

export async function benchViews(stage: Stage): Promise<Result[]> {
  const { district: area, today, officer, system } = stage;
  const year = Number(today.slice(0, 4));
  const views: [string, (tx: Transaction) => Promise<unknown>][] = [
    ['驾驶舱：总账', (tx) => readBoardOf(tx, { area, year }, 9)],
    ['驾驶舱：指标', (tx) => readIndicators(tx, area, today)],
    ['驾驶舱：要干预清单', (tx) => findInterventions(tx, { area }, 10)],
    ['义务清单第一页', (tx) => findDuties(tx, { area }, { offset: 0, limit: 50 })],
    ['超期义务第一页', (tx) => findDuties(tx, { area, standing: 'overdue' }, { offset: 0, limit: 50 })],
  ];
  const results: Result[] = [];
  for (const [name, view] of views) {
    const [seen, all] = [await system.database.transaction(officer.actor, view), await withoutPolicies(stage, view)];
    if (JSON.stringify(seen) !== JSON.stringify(all)) throw new Error(`${name}：两种问法的答案不同，比值没有意义`);
    results.push(
      await sideBySide(name, {
        measured: () => system.database.transaction(officer.actor, view),
        against: () => withoutPolicies(stage, view),
        backends: await backendsOf(stage),
        pairs: 15,
        bar: 1.3,
        orMore: 1,
      }),
    );
  }
  return results;
}
