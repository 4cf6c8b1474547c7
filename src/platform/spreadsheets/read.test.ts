import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import excel from 'exceljs';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { handmade, zipOf } from '../../../tests/odd-workbooks.ts';
import { collectRows, limits, readPasted, readWorkbook } from './index.ts';

/** Both ways of reading, here and in a thread ahead, say the same of everything that is read in this file. */
async function rowsOf(source: Buffer | string, name = '名册.xlsx', at = 0) {
  const read = async (ahead: boolean) => {
    const book = await readWorkbook(source, { name, ahead });
    if (!book.ok) throw new Error(book.problem);
    const collected = await collectRows(book.sheets[at]!);
    if (!collected.ok) throw new Error(collected.problem);
    return collected.rows;
  };
  const rows = await read(false);
  expect(await read(true)).toEqual(rows);
  return rows;
}

async function problemOf(source: Buffer, name = '名册.xlsx') {
  const read = async (ahead: boolean) => {
    const book = await readWorkbook(source, { name, ahead });
    if (!book.ok) return book.problem;
    for (const sheet of book.sheets) {
      const collected = await collectRows(sheet);
      if (!collected.ok) return collected.problem;
    }
    return undefined;
  };
  const problem = await read(false);
  expect(await read(true)).toBe(problem);
  return problem;
}

const bufferOf = async (book: excel.Workbook) => Buffer.from(await book.xlsx.writeBuffer());

describe('读取 xlsx', () => {
  it('日期、数字、公式、富文本、百分比都成为人写的文字，保留原行号', async () => {
    const book = new excel.Workbook();
    const sheet = book.addWorksheet('小区');
    sheet.getCell('A2').value = new Date(Date.UTC(2024, 2, 18));
    sheet.getCell('B2').value = 44.67 * 2 - 1e-14;
    sheet.getCell('C2').value = { formula: 'B2*2', result: 178.68 };
    sheet.getCell('D2').value = { richText: [{ text: '东湖' }, { text: '花园', font: { bold: true } }] };
    sheet.getCell('E2').value = 0.35;
    sheet.getCell('E2').numFmt = '0%';
    sheet.getCell('F2').value = { text: '主页', hyperlink: 'http://example.org' };
    sheet.getCell('G2').value = 7;
    sheet.getCell('G2').numFmt = '0000';
    sheet.getCell('H2').value = { formula: 'A2', result: 45_369 as unknown as number };
    sheet.getCell('H2').numFmt = 'yyyy"年"m"月"d"日"';
    sheet.getCell('I2').value = 350_599_001_002;
    sheet.getCell('J2').value = { error: '#N/A' } as excel.CellErrorValue;
    sheet.getCell('A5').value = ' 第五行\r\n下一行 ';
    sheet.getCell('B5').value = 12.5;
    sheet.getCell('B5').numFmt = '0.00"m²"';
    expect(await rowsOf(await bufferOf(book))).toEqual([
      {
        number: 2,
        cells: [
          '2024-03-18',
          '89.34',
          '178.68',
          '东湖花园',
          '35%',
          '主页',
          '0007',
          '2024-03-18',
          '350599001002',
          '#N/A',
        ],
      },
      { number: 5, cells: ['第五行\n下一行', '12.5'] },
    ]);
  });

  it('WPS 与其他程序写的文件：前缀、共享公式、内置中文日期格式、行内富文本、拼音、不叫 sheet1 的部件', async () => {
    const sheet = `<x:worksheet xmlns:x="urn:x"><x:sheetData>
      <x:row r="3" s="1"><x:c r="A3" t="s"><x:v>0</x:v></x:c><x:c r="B3" s="1"><x:f t="shared" si="0"/><x:v>45369</x:v></x:c>
      <x:c r="C3" t="inlineStr"><x:is><x:r><x:t>甲&amp;</x:t></x:r><x:r><x:t>乙</x:t></x:r></x:is></x:c>
      <x:c r="D3"><x:f>SUM(A1)</x:f></x:c><x:c r="E3" t="d"><x:v>2024-03-18</x:v></x:c><x:c r="F3"><x:v>9</x:v></x:c></x:row>
      </x:sheetData></x:worksheet>`;
    const file = handmade(sheet, [
      {
        name: 'xl/sharedStrings.xml',
        body: '<x:sst xmlns:x="urn:x"><x:si><x:t>东湖</x:t><x:rPh sb="0" eb="1"><x:t>dōng</x:t></x:rPh></x:si></x:sst>',
      },
      {
        name: 'xl/styles.xml',
        body: '<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs></styleSheet>',
      },
    ]);
    expect(await rowsOf(file)).toEqual([
      { number: 3, cells: ['东湖', '2024-03-18', '甲&乙', '#未计算', '2024-03-18', '9'] },
    ]);
  });

  it('合并的表头向右补齐，合并的街道向下补齐，正文的合并数字不重复', async () => {
    const book = new excel.Workbook();
    const sheet = book.addWorksheet('小区');
    sheet.addRow(['街道', '面积', '', '小区']);
    sheet.addRow(['', '建筑面积', '套内面积', '']);
    sheet.mergeCells('B1:C1');
    sheet.mergeCells('A1:A2');
    sheet.mergeCells('D1:D2');
    for (let at = 3; at <= 40; at += 1) sheet.addRow([at === 3 ? '东街' : '', at, '', `小区${at}`]);
    sheet.mergeCells('A3:A40');
    sheet.mergeCells('B40:C40');
    const rows = await rowsOf(await bufferOf(book));
    expect(rows[0]!.cells).toEqual(['街道', '面积', '面积', '小区']);
    expect(rows[1]!.cells).toEqual(['街道', '建筑面积', '套内面积', '小区']);
    expect(rows[39]).toEqual({ number: 40, cells: ['东街', '40', '', '小区40'] });
  });

  it('跨越数据块的汉字不会变成乱码', async () => {
    const book = new excel.Workbook();
    const sheet = book.addWorksheet('小区');
    for (let at = 0; at < 8_000; at += 1) sheet.addRow([`示范小区第${at}号楼的名称`]);
    const rows = await rowsOf(await bufferOf(book));
    expect(rows.map((row) => row.cells[0])).toEqual(rows.map((_, at) => `示范小区第${at}号楼的名称`));
  });

  it('从路径读取，隐藏的表有标记，每张表可各读一遍以上', async () => {
    const book = new excel.Workbook();
    book.addWorksheet('甲').addRow(['一']);
    book.addWorksheet('乙', { state: 'hidden' }).addRow(['二']);
    const folder = await mkdtemp(join(tmpdir(), 'sheets-'));
    try {
      await writeFile(join(folder, 'a.xlsx'), await bufferOf(book));
      const read = await readWorkbook(join(folder, 'a.xlsx'), { name: 'a.xlsx' });
      if (!read.ok) throw new Error(read.problem);
      expect(read.sheets.map(({ name, hidden }) => [name, hidden])).toEqual([
        ['甲', false],
        ['乙', true],
      ]);
      expect(await collectRows(read.sheets[1]!)).toEqual(await collectRows(read.sheets[1]!));
      expect(await collectRows(read.sheets[1]!)).toEqual({ ok: true, rows: [{ number: 1, cells: ['二'] }] });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('读取 xls、csv 与粘贴的内容', () => {
  const xlsx = createRequire(import.meta.url)('@e965/xlsx');

  it('xls 在受限的子进程里读出同样的文字', async () => {
    const sheet = xlsx.utils.aoa_to_sheet([
      ['街道', '面积', '', '接管日期'],
      ['', '建筑', '套内', ''],
      ['东街', 89.34, '', 45_369],
    ]);
    sheet.D3.z = 'yyyy/m/d';
    sheet['!merges'] = [xlsx.utils.decode_range('B1:C1'), xlsx.utils.decode_range('A1:A2')];
    const book = xlsx.utils.book_new();
    xlsx.utils.book_append_sheet(book, sheet, '小区');
    const bytes: Buffer = xlsx.write(book, { type: 'buffer', bookType: 'biff8' });
    const read = await readWorkbook(bytes, { name: '名册.xls' });
    expect(read).toMatchObject({ ok: true, kind: 'xls' });
    expect(await rowsOf(bytes)).toEqual([
      { number: 1, cells: ['街道', '面积', '面积', '接管日期'] },
      { number: 2, cells: ['街道', '建筑', '套内'] },
      { number: 3, cells: ['东街', '89.34', '', '2024-03-18'] },
    ]);
  });

  it('损坏的 xls 说明怎么办', async () => {
    const broken = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.from('Workbook', 'utf16le'),
      Buffer.alloc(600, 7),
    ]);
    expect(await problemOf(broken, '坏.xls')).toMatch(/坏\.xls：.*另存为/);
  });

  const lines = '名称,地址\r\n"东湖,花园","一行\n二行"\r\n\r\n金山"小区",="0101"\r\n';
  it.each([
    ['UTF-8', Buffer.from(lines)],
    ['UTF-8 带 BOM', Buffer.from(`\uFEFF${lines}`)],
    ['GBK', iconv.encode(lines, 'gbk')],
    ['UTF-16', Buffer.from(`\uFEFF${lines}`, 'utf16le')],
  ])('csv：%s', async (_, bytes) => {
    expect(await rowsOf(bytes, '名册.csv')).toEqual([
      { number: 1, cells: ['名称', '地址'] },
      { number: 2, cells: ['东湖,花园', '一行\n二行'] },
      { number: 4, cells: ['金山"小区"', '0101'] },
    ]);
  });

  it('粘贴：制表符分列，引号内可换行，半截引号照原样', async () => {
    const read = readPasted('名称\t说明\t户数\n"东门"商铺\t"第一行\n第""二""行"\t12\n');
    if (!read.ok) throw new Error(read.problem);
    expect(await collectRows(read.sheets[0]!)).toEqual({
      ok: true,
      rows: [
        { number: 1, cells: ['名称', '说明', '户数'] },
        { number: 2, cells: ['"东门"商铺', '第一行\n第"二"行', '12'] },
      ],
    });
    expect(readPasted(' \n ')).toMatchObject({ ok: false });
  });
});

describe('拒绝：每种情况都说明怎么办', () => {
  const sheetXml = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>';
  const compound = (stream: string) =>
    Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512), Buffer.from(stream, 'utf16le')]);

  it.each([
    ['空文件', Buffer.alloc(0), /空的/],
    ['设了密码的 xlsx', compound('EncryptedPackage'), /取消密码/],
    ['改名的 Word(doc)', compound('WordDocument'), /Word 文档/],
    ['改名的 Word(docx)', zipOf([{ name: 'word/document.xml', body: '<w/>' }]), /Word 文档/],
    ['二进制工作簿', zipOf([{ name: 'xl/workbook.bin', body: 'x' }]), /xlsb.*另存为/],
    ['压缩包', zipOf([{ name: '名册.xlsx', body: 'x' }]), /解压后上传/],
    ['PDF', Buffer.from('%PDF-1.7 ...'), /PDF/],
    ['图片', Buffer.from('89504e470d0a1a0a', 'hex'), /图片/],
    ['改名的网页', Buffer.from('\uFEFF <html><table><tr><td>1'), /网页.*另存为/],
    ['断开的 xlsx', handmade(sheetXml).subarray(0, 300), /损坏.*另存为/],
    ['不成形的工作表', handmade('<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></row></c>'), /不规范.*另存为/],
    ['乱字节', Buffer.from([1, 2, 3, 0, 9, 8]), /认不出/],
    ['加密的压缩条目', handmade(sheetXml, [], { flags: 1 }), /密码/],
  ])('%s', async (_, bytes, message) => {
    expect(await problemOf(bytes, '名册.xlsx')).toMatch(message);
  });

  it('压缩炸弹在解开之前就被拒绝：膨胀率过高', async () => {
    expect(await problemOf(handmade(Buffer.alloc(8 * 1024 * 1024, 0x20)))).toMatch(/膨胀.*拒绝/);
  });

  it('目录谎报大小的炸弹在超出申报时停下', async () => {
    expect(await problemOf(handmade(Buffer.alloc(8 * 1024 * 1024, 0x20), [], { claim: 5_000 }))).toMatch(/比申报的大/);
  });

  it('申报的总量过大、部件过多、部件重叠都被拒绝', async () => {
    const large = Array.from({ length: 4 }, (_, at) => ({
      name: `xl/${at}`,
      body: randomBytes(600_000),
      claim: 85 * 1024 * 1024,
    }));
    expect(await problemOf(zipOf(large))).toMatch(/超过 300 MB/);
    const many = Array.from({ length: 2_001 }, (_, at) => ({ name: `xl/${at}`, body: '' }));
    expect(await problemOf(zipOf(many))).toMatch(/2001 个部件/);
    const twice = zipOf([
      { name: 'xl/a', body: 'aaaa' },
      { name: 'xl/b', body: 'aaaa' },
    ]);
    const second = twice.lastIndexOf(Buffer.from('504b0102', 'hex'));
    twice.writeUInt32LE(0, second + 42);
    expect(await problemOf(twice)).toMatch(/重叠/);
  });

  it('一个没有尽头的单元格被拒绝', async () => {
    const letters = Array.from({ length: 600_000 }, (_, at) => (at * 2_654_435_761).toString(36)).join('');
    const endless = `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>${letters}</v></c></row></sheetData></worksheet>`;
    expect(await problemOf(handmade(endless))).toMatch(/过长/);
  });

  it('超过 20 MB 的文件', async () => {
    expect(await problemOf(Buffer.alloc(limits.bytes + 1, 0x41))).toMatch(/20 MB/);
  });

  it('200 列可读，201 列拒绝并说出行号', async () => {
    const line = (count: number) => Buffer.from(`a,b\n${Array(count).fill('x').join(',')}\n`);
    expect(await problemOf(line(200))).toBeUndefined();
    expect(await problemOf(line(201))).toMatch(/第 2 行有 201 列/);
  });

  it('五万行（另加表头）可读，再多就拒绝；只有格式的空行不算', async () => {
    const csv = (count: number) => Buffer.from('a,b\n'.repeat(count));
    expect(await problemOf(csv(limits.rows + limits.headRows))).toBeUndefined();
    expect(await problemOf(csv(limits.rows + limits.headRows + 1))).toMatch(/超过 50000 行/);
    const blank = Array.from(
      { length: 60_000 },
      (_, at) => `<row r="${at + 2}" s="3"><c r="A${at + 2}" s="3"/></row>`,
    ).join('');
    const file = handmade(
      `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>${blank}</sheetData></worksheet>`,
    );
    expect(await rowsOf(file)).toEqual([{ number: 1, cells: ['1'] }]);
  });

  it('在线程里读：半途不要了，线程随即结束，不留住程序', async () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, at) => `<row r="${at + 1}"><c r="A${at + 1}"><v>${at}</v></c></row>`,
    );
    const book = await readWorkbook(handmade(`<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`), {
      name: '名册.xlsx',
      ahead: true,
    });
    if (!book.ok) throw new Error(book.problem);
    const threads = () => process.getActiveResourcesInfo().filter((one) => one === 'MessagePort').length;
    const before = threads();
    for await (const row of book.sheets[0]!.rows) if (row.number === 3) break;
    expect(threads()).toBe(before);
  });

  it('含宏的工作簿只读数值，并说明宏未运行', async () => {
    const read = await readWorkbook(handmade(sheetXml, [{ name: 'xl/vbaProject.bin', body: 'x' }]), {
      name: '名册.xlsm',
    });
    expect(read).toMatchObject({ ok: true, notes: ['文件含宏，只读取了单元格内容，宏未运行'] });
  });
});

it('服务器静止时不加载表格程序库', async () => {
  const { spawn } = await import('node:child_process');
  const door = new URL('./index.ts', import.meta.url).href;
  const script = `await import(${JSON.stringify(door)});
    const { createRequire } = await import('node:module');
    const loaded = Object.keys(createRequire(import.meta.url).cache ?? {});
    console.log(loaded.filter((name) => /exceljs|xlsx|iconv/.test(name)).length);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: new URL('.', import.meta.url) });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await once(child, 'close');
  expect(output.trim()).toBe('0');
});
