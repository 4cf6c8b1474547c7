import type { Procedure } from '../../law/procedure.ts';
import { type CorrectionState, correctionStates } from './contract.ts';

export type CorrectionRole = 'asker' | 'keeper' | 'other';
export type CorrectionAct = 'ask' | 'attach' | 'accept' | 'decline' | 'withdraw' | 'object';

/** What may be done with a correction. Whether the register was changed is no act: it is seen from the register. */
export const correctionProcedure: Procedure<null, CorrectionState, CorrectionRole, CorrectionAct> = {
  label: '纠错',
  states: correctionStates,
  roles: { asker: '提出的人', keeper: '管底册的单位', other: '其他人' },
  steps: {
    ask: { label: '提出', from: [null], to: 'open', by: ['asker'] },
    attach: { label: '附照片或扫描件', from: ['open'], to: 'open', by: ['asker'] },
    accept: { label: '同意更正', from: ['open'], to: 'accepted', by: ['keeper'] },
    decline: { label: '不予更正', from: ['open'], to: 'declined', by: ['keeper'] },
    withdraw: { label: '撤回', from: ['open'], to: 'withdrawn', by: ['asker'] },
    object: { label: '提出异议', from: ['declined'], to: 'declined', by: ['asker'] },
  },
};
