// Workbooks that no spreadsheet program writes: made by hand, byte by byte.

import { crc32, deflateRawSync } from 'node:zlib';

export type Part = { name: string; body: string | Buffer; claim?: number; flags?: number };

/** A zip made by hand, so that its directory can lie. */
export function zipOf(parts: Part[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, body, claim, flags = 0 } of parts) {
    const raw = Buffer.from(body);
    const packed = deflateRawSync(raw, { level: 9 });
    const title = Buffer.from(name);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(8, 8);
    head.writeUInt16LE(title.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(crc32(raw), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(claim ?? raw.length, 24);
    entry.writeUInt16LE(title.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(head, title, packed);
    central.push(entry, title);
    offset += 30 + title.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A workbook of hand-written XML, for what exceljs itself cannot write. */
export function handmade(sheet: string | Buffer, more: Part[] = [], sheetPart: Partial<Part> = {}): Buffer {
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return zipOf([
    {
      name: '_rels/.rels',
      body: `<Relationships><Relationship Id="r1" Type="${type}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      body: '<workbook><sheets><sheet name="小区" sheetId="1" r:id="r1"/></sheets></workbook>',
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      body: `<Relationships><Relationship Id="r1" Type="${type}/worksheet" Target="worksheets/Roster.xml"/>
        <Relationship Id="r2" Type="${type}/sharedStrings" Target="sharedStrings.xml"/>
        <Relationship Id="r3" Type="${type}/styles" Target="styles.xml"/></Relationships>`,
    },
    { name: 'xl/worksheets/Roster.xml', body: sheet, ...sheetPart },
    ...more,
  ]);
}
