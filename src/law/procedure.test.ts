import { describe, expect, it } from 'vitest';
import { localDate } from '../kernel/local-date.ts';
import { refusal } from '../kernel/results.ts';
import { judge, type Procedure, printGrid, printPicture } from './procedure.ts';

interface Filing {
  dueOn: string;
  evidence: number;
}
const article = { text: 'property-regulation', article: '第十六条' };
const rules = { text: 'assembly-guidance', article: '第三十三条' };

const filing: Procedure<
  Filing,
  'drafted' | 'sent-back' | 'filed',
  'bearer' | 'recipient',
  'draft' | 'file' | 'sendBack'
> = {
  label: '报送',
  states: { drafted: '草拟中', 'sent-back': '已退回', filed: '已报送' },
  roles: { bearer: '责任单位', recipient: '受理单位' },
  steps: {
    draft: { label: '草拟', from: [null], to: 'drafted', by: ['bearer'] },
    file: {
      label: '报送',
      from: ['drafted', 'sent-back'],
      to: 'filed',
      by: ['bearer'],
      source: article,
      when: [
        ({ noun, on }) => (on > noun.dueOn ? refusal('已过期限', { field: 'on' }) : null),
        ({ noun }) => (noun.evidence === 0 ? refusal('缺少凭证', { clause: rules }) : null),
      ],
    },
    sendBack: { label: '退回', from: ['filed'], to: 'sent-back', by: ['recipient'] },
  },
};
const on = localDate('2026-10-10');

describe('办理程序', () => {
  it('状态、身份和条件都符合时准许', () => {
    const noun = { dueOn: '2026-10-10', evidence: 1 };
    expect(judge(filing, 'file', { state: 'drafted', role: 'bearer', noun, on })).toEqual({ allowed: true });
    expect(judge(filing, 'draft', { state: null, role: 'bearer', noun, on })).toEqual({ allowed: true });
  });

  it('不准许时列出全部理由，各带条款', () => {
    const noun = { dueOn: '2026-10-09', evidence: 0 };
    expect(judge(filing, 'file', { state: 'filed', role: 'recipient', noun, on })).toEqual({
      allowed: false,
      refusals: [
        { reason: '报送“已报送”，不能报送', clause: article },
        { reason: '报送由责任单位办理，受理单位不能办理', clause: article },
        { reason: '已过期限', field: 'on', clause: article },
        { reason: '缺少凭证', clause: rules },
      ],
    });
    expect(judge(filing, 'sendBack', { state: null, role: 'recipient', noun, on })).toMatchObject({
      refusals: [{ reason: '报送尚未建立，不能退回' }],
    });
  });

  it('状态 × 行为 × 身份全表', () => {
    expect(printGrid(filing)).toBe(`| 状态 | 身份 | 草拟 | 报送 | 退回 |
| --- | --- | --- | --- | --- |
| （尚无） | 责任单位 | ✓ | · | · |
| （尚无） | 受理单位 | · | · | · |
| 草拟中 | 责任单位 | · | ✓ | · |
| 草拟中 | 受理单位 | · | · | · |
| 已退回 | 责任单位 | · | ✓ | · |
| 已退回 | 受理单位 | · | · | · |
| 已报送 | 责任单位 | · | · | · |
| 已报送 | 受理单位 | · | · | ✓ |`);
  });

  it('状态图', () => {
    expect(printPicture(filing)).toBe(`stateDiagram-v2
  state "草拟中" as drafted
  state "已退回" as sent_back
  state "已报送" as filed
  [*] --> drafted: 草拟（责任单位）
  drafted --> filed: 报送（责任单位）
  sent_back --> filed: 报送（责任单位）
  filed --> sent_back: 退回（受理单位）`);
  });
});
