import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { pdfBomb, pdfOf } from '../../tests/odd-documents.ts';
import { zipOf } from '../../tests/odd-workbooks.ts';
import { readDocument } from './documents.ts';

const docx = (body: string) =>
  zipOf([{ name: 'word/document.xml', body: `<w:document><w:body>${body}</w:body></w:document>` }]);

describe('文件里的文字', () => {
  it('docx：一段一行；制表、换行、字符实体照读，修订删去的不读', async () => {
    const { media, text } = await readDocument(
      docx(
        `<w:p w:rsidR="1"><w:pPr/><w:r><w:t xml:space="preserve">一、</w:t></w:r><w:r><w:t>目标 &amp; 任务</w:t></w:r></w:p>
         <w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:delText>旧</w:delText></w:r></w:p>`,
      ),
    );
    expect(media).toContain('wordprocessingml');
    expect(text).toBe('一、目标 & 任务\n甲 乙 丙');
  });

  it.each([
    ['UTF-8', Buffer.from('\uFEFF一、目标\r\n到年底')],
    ['GBK', iconv.encode('一、目标\r\n到年底', 'gb18030')],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('一、目标\n到年底', 'utf16le')])],
  ])('txt（%s）', async (_, bytes) => {
    expect((await readDocument(bytes)).text).toBe('一、目标\n到年底');
  });

  it('PDF：跨行、跨页的一段仍是一段，页码不读', async () => {
    const full = '到年底每个小区都有人管每栋楼都有人问每件事都有人办每';
    const { media, text } = await readDocument(
      pdfOf([
        [
          { words: '一、目标', x: 92, y: 700 },
          { words: full, x: 92, y: 670 },
          { words: '一笔收支都公布，', y: 640 },
          { words: '（一）任务', x: 92, y: 610 },
          { words: `${full}一笔`, y: 580 },
          { words: '— 1 —', x: 280, y: 40 },
        ],
        [
          { words: '都公布。', y: 700 },
          { words: '二、附则', x: 92, y: 670 },
          { words: full, x: 92, y: 640 },
        ],
      ]),
    );
    expect(media).toBe('application/pdf');
    expect(text).toBe(`一、目标\n${full}一笔收支都公布，\n（一）任务\n${full}一笔都公布。\n二、附则\n${full}`);
  });

  it('扫描的 PDF：收下，里面没有文字', async () => {
    expect(await readDocument(pdfOf([[]]))).toEqual({ media: 'application/pdf', text: null });
  });

  it.each([
    ['有打开密码的', () => pdfOf([[]], { encrypted: true }), /去掉密码/],
    ['一万页的', () => pdfOf([[]], { count: 10_000 }), /超过 1000 页/],
    ['只有开头的', () => Buffer.from('%PDF-1.7\n…'), /损坏/],
    ['截断的', () => pdfOf([[{ words: '甲', y: 700 }]]).subarray(0, 300), /损坏/],
    ['展开有几个 GB 的', pdfBomb, /太大或太复杂/],
  ])(
    '%s PDF：说明怎么办',
    async (_, make, reason) => {
      await expect(readDocument(make())).rejects.toThrow(reason);
    },
    90_000,
  );

  it('一个字也是文件；只有“PK”两个字的不是', async () => {
    expect((await readDocument(Buffer.from('A'))).text).toBe('A');
    expect((await readDocument(docx('<w:p><w:r><w:t>甲&#0;乙</w:t></w:r></w:p>'))).text).toBe('甲乙');
    await expect(readDocument(Buffer.from('PK'))).rejects.toThrow(/损坏/);
  });

  it.each([
    ['空文件', Buffer.alloc(0), /空的/],
    ['工作簿', zipOf([{ name: 'xl/workbook.xml', body: '<a/>' }]), /不是 Word 文件/],
    ['旧的 doc', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]), /另存为 docx/],
    ['坏的 docx', docx('<w:p/>').subarray(0, 60), /损坏/],
    ['一张图', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]), /认不出/],
  ])('%s：说明怎么办', async (_, bytes, reason) => {
    await expect(readDocument(bytes)).rejects.toThrow(reason);
  });
});
