import { refusal } from '../../kernel/results.ts';
import type { Check, Procedure } from '../../law/procedure.ts';
import type { DirectiveAct, DirectiveInHand, DirectiveRole, DirectiveState } from './directives.ts';

/** The system already has the deed's own page; a reply does not repeat it. */
const doneFirst: Check<DirectiveInHand> = ({ noun }) =>
  noun.done === false ? refusal('所督办的事还没有报备。请先报备，再答复；材料附在报备里，不必另交。') : null;

const belowFirst: Check<DirectiveInHand> = ({ noun }) =>
  noun.openBelow > 0 ? refusal(`转给下级的还有 ${noun.openBelow} 件没有办结，请先办结或撤回。`) : null;

const laterThanDue: Check<DirectiveInHand> = ({ noun }) =>
  noun.until !== null && noun.until <= noun.due
    ? refusal(`延期应晚于现在的期限 ${noun.due}。`, { field: 'until' })
    : null;

const notPast: Check<DirectiveInHand> = ({ noun }) =>
  noun.until !== null && noun.until < noun.today ? refusal('延期不能早于今天。', { field: 'until' }) : null;

const withinChain: Check<DirectiveInHand> = ({ noun }) =>
  noun.until !== null && noun.dueAbove !== null && noun.until > noun.dueAbove
    ? refusal(`上一级督办的期限是 ${noun.dueAbove}，下级不能更晚；请先向上一级申请延期。`, { field: 'until' })
    : null;

export const directiveProcedure: Procedure<DirectiveInHand, DirectiveState, DirectiveRole, DirectiveAct> = {
  label: '督办',
  states: {
    open: '办理中',
    'extension-asked': '申请延期中',
    answered: '已答复，待核',
    closed: '已办结',
    withdrawn: '已撤回',
  },
  roles: { issuer: '发出单位', recipient: '承办单位', other: '其他单位' },
  steps: {
    issue: { label: '发出', from: [null], to: 'open', by: ['issuer'] },
    passOn: { label: '转办下级', from: ['open'], to: 'open', by: ['recipient'] },
    reply: {
      label: '答复',
      from: ['open', 'extension-asked'],
      to: 'answered',
      by: ['recipient'],
      when: [doneFirst, belowFirst],
    },
    askExtension: {
      label: '申请延期',
      from: ['open'],
      to: 'extension-asked',
      by: ['recipient'],
      when: [laterThanDue, notPast],
    },
    extend: {
      label: '同意延期',
      from: ['open', 'extension-asked'],
      to: 'open',
      by: ['issuer'],
      when: [laterThanDue, notPast, withinChain],
    },
    decline: { label: '不同意延期', from: ['extension-asked'], to: 'open', by: ['issuer'] },
    return: { label: '退回重办', from: ['answered'], to: 'open', by: ['issuer'] },
    close: { label: '办结', from: ['answered'], to: 'closed', by: ['issuer'] },
    withdraw: {
      label: '撤回',
      from: ['open', 'extension-asked', 'answered'],
      to: 'withdrawn',
      by: ['issuer'],
      when: [belowFirst],
    },
  },
};
