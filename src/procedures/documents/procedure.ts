import { refusal } from '../../kernel/results.ts';
import type { Check, Procedure } from '../../law/procedure.ts';
import type { DocumentAct, DocumentInHand, DocumentRole, DocumentState } from './documents.ts';

const isScan: Check<DocumentInHand> = ({ noun: { copy } }) =>
  copy && copy.media === undefined
    ? refusal('盖章件请上传 PDF，或 JPG、PNG 图片。Word 文件没有盖章，不能作为有效版本。', { field: 'file' })
    : null;

const isAnother: Check<DocumentInHand> = ({ noun: { copy } }) =>
  copy?.known ? refusal('这个文件已经在这里了，不是新的盖章件。', { field: 'file' }) : null;

const notAhead: Check<DocumentInHand> = ({ noun: { copy, today } }) =>
  copy && copy.issuedOn > today ? refusal(`成文日期 ${copy.issuedOn} 还没有到。`, { field: 'issuedOn' }) : null;

const notBefore: Check<DocumentInHand> = ({ noun: { copy } }) =>
  copy && copy.issuedOn < copy.draftedOn
    ? refusal(`成文日期不能早于起草的 ${copy.draftedOn}。`, { field: 'issuedOn' })
    : null;

export const documentProcedure: Procedure<DocumentInHand, DocumentState, DocumentRole, DocumentAct> = {
  label: '文件',
  states: { drafted: '已起草，待盖章', valid: '有效', withdrawn: '已撤回' },
  roles: { issuer: '起草单位', other: '其他单位' },
  steps: {
    draft: { label: '起草', from: [null], to: 'drafted', by: ['issuer'] },
    seal: {
      label: '上传盖章件',
      from: ['drafted', 'valid'],
      to: 'valid',
      by: ['issuer'],
      when: [isScan, isAnother, notAhead, notBefore],
    },
    withdraw: { label: '撤回', from: ['drafted', 'valid'], to: 'withdrawn', by: ['issuer'] },
  },
};
