import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
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

  it('PDF 收下，文字不读', async () => {
    expect(await readDocument(Buffer.from('%PDF-1.7\n…'))).toEqual({ media: 'application/pdf', text: null });
  });

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
