/** Official letters about the registers: what is to be gone over, and what became of a correction. Pure: data in, words out. */
import { dayInWords } from '../../kernel/local-date.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import type { Passage } from '../../platform/official-document.ts';
import type { CorrectionState } from '../../registers/corrections/contract.ts';

interface Letter {
  title: string;
  addressee: string;
  passages: Passage[];
}

/** A sentence of somebody else's, with one full stop at its end. */
const sentence = (text: string) => `${text.replace(/[。.；;，,\s]+$/, '')}。`;

export interface SurveyToAnnounce {
  title: string;
  basis: string;
  areaName: string;
  estates: number;
  /** What is gone over, in words. */
  fields: readonly string[];
  dueOn: string;
  closedOn: string | null;
  organisationName: string;
  mine: boolean;
}

export function refusalsOfAnnouncing({ mine, organisationName, closedOn }: SurveyToAnnounce): Refusal[] {
  return [
    ...(mine ? [] : [refusal(`由${organisationName}开始的，由它发通知。`)]),
    ...(closedOn === null ? [] : [refusal(`这次摸排已于 ${closedOn} 结束，不再发通知。`)]),
  ];
}

/** 摸排通知: what is gone over, how, and by when. */
export function announcementOf({ title, basis, areaName, estates, fields, dueOn }: SurveyToAnnounce): Letter {
  return {
    title: `关于开展“${title}”的通知`,
    addressee: `${areaName}各有关单位`,
    passages: [
      { text: `${sentence(basis)}现对${areaName}的小区底册逐个核对，有关事项通知如下。` },
      { text: '一、核对什么', as: 'heading' },
      { text: `共 ${estates} 个小区，逐个核对：${fields.join('、')}。` },
      { text: '二、怎么核对', as: 'heading' },
      { text: '在系统的“底数摸排”里打开这一次。写得对的，点“无变化”；写得不对的，先改底册，再核对。' },
      { text: '待补的，问清以后补上再核对；问不清的照实留着，不估填。' },
      { text: '三、什么时候核对完', as: 'heading' },
      { text: `请于${dayInWords(dueOn)}前核对完。结束以后名单不再变，没有核对的，照实记为没有核对。` },
    ],
  };
}

export interface CorrectionToAnswer {
  id: number;
  estateName: string | null;
  subjectLabel: string;
  fieldLabel: string;
  said: string | null;
  says: string | null;
  shouldBe: string;
  reason: string;
  state: CorrectionState;
  /** A body that asked; null for an owner, whose name a letter that others file does not carry. */
  organisationName: string | null;
  askedOn: string;
  answer: string | null;
  keeperName: string;
  mine: boolean;
}

export function refusalsOfAnswering({ mine, keeperName, state }: CorrectionToAnswer): Refusal[] {
  return [
    ...(mine ? [] : [refusal(`这件纠错由${keeperName}答复，由它起草。`)]),
    ...(state === 'open' ? [refusal('还没有答复，先答复再起草。')] : []),
    ...(state === 'withdrawn' ? [refusal('提出的人已经撤回，不用答复。')] : []),
  ];
}

/** 纠错答复: what was said, what was found, and what remains open to whoever said it. */
export function answerOf(of: CorrectionToAnswer): Letter {
  const { state, said, says, shouldBe, reason } = of;
  const found =
    state === 'declined'
      ? `经核对，不予更正。${sentence(of.answer ?? '')}`
      : `经核对，同意更正。${sentence(of.answer ?? '')}${
          state === 'corrected' ? `底册已经更正${says === null ? '' : `，现在写的是“${says}”`}。` : '底册正在更正。'
        }`;
  return {
    title: `关于纠错第 ${of.id} 件的答复`,
    addressee: of.organisationName ?? `${of.estateName ?? ''}提出纠错的业主`,
    passages: [
      { text: `${dayInWords(of.askedOn)}提出的“${of.subjectLabel}”${of.fieldLabel}登记有误一事，现答复如下。` },
      { text: '一、提出的内容', as: 'heading' },
      { text: `底册当时写的：${said ?? '待补'}。提出应当是：${sentence(shouldBe)}理由：${sentence(reason)}` },
      { text: '二、核对的结果', as: 'heading' },
      { text: found },
      ...(state === 'declined'
        ? ([
            { text: '三、不同意怎么办', as: 'heading' },
            { text: '可以在系统里打开这一件提出异议，也可以到社区当面提出，由上一级管底册的单位答复。' },
          ] as const)
        : []),
    ],
  };
}
