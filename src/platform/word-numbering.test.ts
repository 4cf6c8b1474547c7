import { describe, expect, it } from 'vitest';
import { zipOf } from '../../tests/odd-workbooks.ts';
import { readDocument } from './documents.ts';

const level = (at: number, format: string, words: string, more = '<w:suff w:val="nothing"/>') =>
  `<w:lvl w:ilvl="${at}"><w:start w:val="1"/><w:numFmt w:val="${format}"/>${more}<w:lvlText w:val="${words}"/></w:lvl>`;
const list = (id: number, inner: string) => `<w:abstractNum w:abstractNumId="${id}">${inner}</w:abstractNum>`;
const num = (id: number, of: number, more = '') =>
  `<w:num w:numId="${id}"><w:abstractNumId w:val="${of}"/>${more}</w:num>`;
const p = (words: string, numId?: number, at?: number, style?: string) =>
  `<w:p><w:pPr>${style ? `<w:pStyle w:val="${style}"/>` : ''}${
    numId === undefined
      ? ''
      : `<w:numPr>${at === undefined ? '' : `<w:ilvl w:val="${at}"/>`}<w:numId w:val="${numId}"/></w:numPr>`
  }</w:pPr><w:r><w:t>${words}</w:t></w:r></w:p>`;

const headings = list(
  0,
  level(0, 'chineseCountingThousand', '%1、') + level(1, 'chineseCounting', '（%2）') + level(2, 'decimal', '%3.'),
);

async function read(body: string[], numbering: string, styles = '') {
  const bytes = zipOf([
    { name: 'word/document.xml', body: `<w:document><w:body>${body.join('')}</w:body></w:document>` },
    { name: 'word/numbering.xml', body: `<w:numbering>${numbering}</w:numbering>` },
    { name: 'word/styles.xml', body: `<w:styles>${styles}</w:styles>` },
  ]);
  return (await readDocument(bytes)).text!.split('\n');
}

describe('Word 的自动编号', () => {
  it('一、（一）1. 逐级数；上一级往前走，下一级从头数；不编号的段不算', async () => {
    const body = [
      p('甲', 1, 0),
      p('乙', 1, 1),
      p('丙', 1, 2),
      p('正文'),
      p('丁', 1, 2),
      p('戊', 1, 1),
      p('己', 1, 2),
      p('庚', 1, 0),
    ];
    expect(await read(body, headings + num(1, 0))).toEqual([
      '一、甲',
      '（一）乙',
      '1.丙',
      '正文',
      '2.丁',
      '（二）戊',
      '1.己',
      '二、庚',
    ]);
  });

  it('第三条、第十条、第二十一条、第一百零五条', async () => {
    const body = Array.from({ length: 105 }, () => p('条文', 1, 0));
    const lines = await read(body, list(0, level(0, 'japaneseCounting', '第%1条', '')) + num(1, 0));
    expect([3, 10, 21, 105].map((at) => lines[at - 1])).toEqual([
      '第三条 条文',
      '第十条 条文',
      '第二十一条 条文',
      '第一百零五条 条文',
    ]);
  });

  it.each([
    ['①', 'decimalEnclosedCircleChinese', '%1', '①②'],
    ['字母', 'upperLetter', '%1.', 'A.B.'],
    ['大写', 'chineseLegalSimplified', '%1', '壹贰'],
    ['项目符号不是编号', 'bullet', '●', ''],
  ])('%s', async (_, format, words, expected) => {
    const body = [p('', 1, 0), p('', 1, 0), p('完')];
    const lines = await read(body, list(0, level(0, format, words)) + num(1, 0));
    expect(lines.slice(0, -1).join('')).toBe(expected);
  });

  it('编号写在样式里，或样式所依据的样式里；段落写明不编号的不编', async () => {
    const styles = `<w:style w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
      <w:style w:styleId="B"><w:basedOn w:val="A"/></w:style><w:style w:styleId="C"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>`;
    const body = [
      p('甲', undefined, undefined, 'A'),
      p('乙', undefined, undefined, 'B'),
      p('丙', undefined, undefined, 'C'),
      p('丁', 0, 0, 'A'),
    ];
    expect(await read(body, headings + num(1, 0), styles)).toEqual(['一、甲', '二、乙', '（一）丙', '丁']);
  });

  it('两个编号同用一个列表的接着数，写明重新开始的重新数', async () => {
    const anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>';
    const body = [p('甲', 1, 0), p('乙', 2, 0), p('丙', 3, 0), p('丁', 3, 0)];
    expect(await read(body, headings + num(1, 0) + num(2, 0) + num(3, 0, anew))).toEqual([
      '一、甲',
      '二、乙',
      '一、丙',
      '二、丁',
    ]);
  });

  it('修订前的编号不算；样式互为依据、编号指向没有的列表，都读得出来', async () => {
    const changed =
      '<w:p><w:pPr><w:pPrChange w:id="1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>';
    const styles =
      '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>';
    expect(
      await read([changed, p('乙', undefined, undefined, 'A'), p('丙', 9, 0)], headings + num(1, 0), styles),
    ).toEqual(['甲', '乙', '丙']);
  });
});
