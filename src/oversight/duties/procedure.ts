import { refusal } from '../../kernel/results.ts';
import type { Check, Procedure } from '../../law/procedure.ts';
import type { DutyStanding } from './contract.ts';

/** What a judgement looks at besides state and role. */
export interface Bound {
  readonly standing: DutyStanding;
}

const stillOwed: Check<Bound> = ({ noun }) => {
  if (noun.standing === 'met') return refusal('这项义务已经完成');
  return noun.standing === 'waived' ? refusal('这项义务已经免除') : null;
};

/** Nobody is judge in their own cause, and nobody alone: the waiver comes from above, from two persons. */
export const waiverProcedure: Procedure<Bound, WaiverState, WaiverRole, WaiverAct> = {
  label: '免除',
  states: { proposed: '待另一人确认', confirmed: '已免除', declined: '未同意' },
  roles: { proposer: '提出人', supervisor: '上级单位的另一人', bearer: '责任单位', other: '其他单位' },
  steps: {
    propose: {
      label: '提出免除',
      from: [null, 'declined'],
      to: 'proposed',
      by: ['supervisor', 'proposer'],
      when: [stillOwed],
    },
    confirm: { label: '确认免除', from: ['proposed'], to: 'confirmed', by: ['supervisor'], when: [stillOwed] },
    decline: { label: '不同意免除', from: ['proposed'], to: 'declined', by: ['supervisor'] },
  },
};
export type WaiverState = 'proposed' | 'confirmed' | 'declined';
export type WaiverRole = 'proposer' | 'supervisor' | 'bearer' | 'other';
export type WaiverAct = 'propose' | 'confirm' | 'decline';

export const pauseProcedure: Procedure<Bound, PauseState, PauseRole, PauseAct> = {
  label: '暂停',
  states: { paused: '暂停中', running: '已恢复' },
  roles: { supervisor: '上级单位', bearer: '责任单位', other: '其他单位' },
  steps: {
    pause: { label: '暂停', from: [null, 'running'], to: 'paused', by: ['supervisor'], when: [stillOwed] },
    resume: { label: '提前恢复', from: ['paused'], to: 'running', by: ['supervisor'] },
  },
};
export type PauseState = 'paused' | 'running';
export type PauseRole = 'supervisor' | 'bearer' | 'other';
export type PauseAct = 'pause' | 'resume';

export const waitProcedure: Procedure<Bound, WaitState, WaitRole, WaitAct> = {
  label: '等待',
  states: { waiting: '在等', ended: '已结束' },
  roles: { bearer: '责任单位', awaited: '被等的单位', other: '其他单位' },
  steps: {
    wait: { label: '说明在等', from: [null, 'ended'], to: 'waiting', by: ['bearer'], when: [stillOwed] },
    answer: { label: '答复', from: ['waiting'], to: 'ended', by: ['awaited'] },
    stop: { label: '不再等', from: ['waiting'], to: 'ended', by: ['bearer'] },
  },
};
export type WaitState = 'waiting' | 'ended';
export type WaitRole = 'bearer' | 'awaited' | 'other';
export type WaitAct = 'wait' | 'answer' | 'stop';
