/** The one inner part of exceljs 4.4.0 that is used directly; the package describes only its outer face. */
declare module 'exceljs/lib/stream/xlsx/worksheet-reader.js' {
  type StreamedCell = { value: unknown; numFmt: string | undefined };
  type StreamedRow = {
    number: number;
    eachCell(options: { includeEmpty: boolean }, visit: (cell: StreamedCell, column: number) => void): void;
  };
  export default class WorksheetReader {
    constructor(options: {
      id: number;
      iterator: AsyncIterable<string>;
      options: { worksheets: 'emit' };
      workbook: {
        sharedStrings: string[];
        properties: object;
        styles: { getStyleModel(id: number): { numFmt: string } };
      };
    });
    parse(): AsyncIterable<{ eventType: string; value: StreamedRow }[]>;
  }
}
