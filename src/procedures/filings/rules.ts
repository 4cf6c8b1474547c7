import { type Refusal, refusal } from '../../kernel/results.ts';
import type { Deed } from './filings.ts';

/** Every reason why a deed cannot be filed as it stands; none when it can. Lateness is no reason: it is shown, not barred. */
export function refusalsOfDeed(deed: Deed): Refusal[] {
  const refusals: Refusal[] = [];
  if (deed.role === 'other')
    refusals.push(refusal('这件事由责任单位或其上级报备，您当前的任职不在其中。请切换任职后再报。'));
  if (!deed.period) {
    refusals.push(refusal(`没有这个期间。可填：${deed.periodsNearby.join('、')}。`, { field: 'period' }));
  } else if (deed.period.from !== null && deed.doneOn < deed.period.from) {
    refusals.push(
      refusal(`办成日期 ${deed.doneOn} 早于所报期间的第一天 ${deed.period.from}，请核对期间或日期。`, {
        field: 'doneOn',
      }),
    );
  }
  if (deed.doneOn > deed.today) {
    refusals.push(refusal(`办成日期 ${deed.doneOn} 还没有到，只能报备已经办成的事。`, { field: 'doneOn' }));
  }
  if (deed.filedAlready)
    refusals.push(refusal('这一期间已经报备过。如要更正，请先撤回原来的一件，再重新报备。', { field: 'period' }));
  return refusals;
}
