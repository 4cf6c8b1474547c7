import { describe, expect, it } from 'vitest';
import { refusal, refused, verdictOf } from './results.ts';
import { normaliseNumberText, normaliseText } from './text.ts';

describe('裁断', () => {
  it('没有理由即准许，有理由则全部列出', () => {
    expect(verdictOf([])).toEqual({ allowed: true });
    const both = [refusal('未到期', { field: 'on' }), refusal('无权', { clause: { clauses: ['LC-3.3i'] } })];
    expect(verdictOf(both)).toEqual({ allowed: false, refusals: both });
    expect(refused(both[0]!)).toEqual({ allowed: false, refusals: [both[0]] });
  });
});

describe('文本规范', () => {
  it('全角数字字母与空白', () => {
    expect(normaliseText('　Ａ座\u00a01２ 室\u200b ')).toBe('A座 12 室');
    expect(normaliseText('泉州（鲤城），示范')).toBe('泉州（鲤城），示范');
    expect(normaliseNumberText(' １，２３４．５ ％')).toBe('1,234.5%');
  });
});
