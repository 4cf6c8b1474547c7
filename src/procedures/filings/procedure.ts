import type { Procedure } from '../../law/procedure.ts';
import type { Deed, FilingAct, FilingRole, FilingState } from './filings.ts';

/** Filing itself makes the noun; what may happen to it afterwards is this table. */
export const filingProcedure: Procedure<Pick<Deed, 'today'>, FilingState, FilingRole, FilingAct> = {
  label: '报备',
  states: { filed: '已报备', withdrawn: '已撤回' },
  roles: { filer: '报备单位', supervisor: '上级单位', other: '其他单位' },
  steps: {
    attach: { label: '补交材料', from: ['filed'], to: 'filed', by: ['filer', 'supervisor'] },
    withdraw: { label: '撤回', from: ['filed'], to: 'withdrawn', by: ['filer'] },
  },
};
