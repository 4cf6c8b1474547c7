import type { InputOf } from '../../kernel/contract.ts';
import { type DutyStanding, type listDuties, standingLabels } from '../../oversight/duties/contract.ts';

type Narrowing = Pick<InputOf<typeof listDuties>, 'standing' | 'fallenDue' | 'evidenceDue' | 'waiting'>;

/** The standing tabs of the duty list; the terms of a subtraction bar open them by name. */
export const dutyTabs = {
  overdue: { label: standingLabels.overdue, filter: { standing: 'overdue' } },
  'due-soon': { label: standingLabels['due-soon'], filter: { standing: 'due-soon' } },
  'not-due': { label: standingLabels['not-due'], filter: { standing: 'not-due' } },
  met: { label: standingLabels.met, filter: { standing: 'met' } },
  fallen: { label: '应为', filter: { standing: ['overdue', 'met'] as DutyStanding[], fallenDue: 'yes' } },
  done: { label: '已为', filter: { standing: 'met', fallenDue: 'yes' } },
  evidence: { label: '材料后补', filter: { evidenceDue: 'yes' } },
  waiting: { label: '在等别的单位', filter: { waiting: 'yes' } },
  paused: { label: standingLabels.paused, filter: { standing: 'paused' } },
  waived: { label: standingLabels.waived, filter: { standing: 'waived' } },
  'not-enrolled': { label: standingLabels['not-enrolled'], filter: { standing: 'not-enrolled' } },
  lapsed: { label: standingLabels.lapsed, filter: { standing: 'lapsed' } },
  all: { label: '全部', filter: {} },
} as const satisfies Record<string, { label: string; filter: Narrowing }>;

export type DutyTab = keyof typeof dutyTabs;
export const dutyTabNames = Object.keys(dutyTabs) as DutyTab[];
