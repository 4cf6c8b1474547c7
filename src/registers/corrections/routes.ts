import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { answerCorrection, askCorrection, attachToCorrection, objectToAnswer } from './commands.ts';
import * as contracts from './contract.ts';
import { fieldsOf, findCorrections, readCorrection, subjectOf } from './queries.ts';
import { nameOfAttachment } from './rules.ts';
import { findAttachments, findKeeper, findSubject } from './store.ts';

export const routes: Route[] = [
  route(contracts.listCorrections, ({ input, act }) =>
    act(async (tx) => ({ ...(await findCorrections(tx, input, input)), offset: input.offset, limit: input.limit })),
  ),

  route(contracts.exportCorrections, async (asked) => {
    const { rows } = await asked.act((tx) => findCorrections(tx, asked.input, everything));
    return exportOf(
      asked,
      sheetOf({
        title: '纠错清单',
        notes: [`${contracts.correctionSides[asked.input.side]}，截至 ${asked.today}；改没改，看底册现在怎么写。`],
        items: rows,
        columns: [
          { title: '编号', kind: 'integer', of: (one) => BigInt(one.id) },
          { title: '小区', kind: 'text', width: 24, of: (one) => one.estateName },
          { title: '哪一项', kind: 'text', width: 30, of: (one) => `${one.subjectLabel}：${one.fieldLabel}` },
          { title: '当时写的', kind: 'text', width: 24, of: (one) => one.said },
          { title: '应当是', kind: 'text', width: 30, of: (one) => one.shouldBe },
          { title: '怎么知道的', kind: 'text', width: 40, of: (one) => one.reason },
          { title: '提出日期', kind: 'date', of: (one) => one.askedOn },
          { title: '答复单位', kind: 'text', width: 26, of: (one) => one.keeperName },
          { title: '状态', kind: 'text', of: (one) => contracts.correctionStates[one.state] },
          { title: '答复', kind: 'text', width: 40, of: (one) => one.answer },
          { title: '答复日期', kind: 'date', of: (one) => one.answeredOn },
        ],
      }),
    );
  }),

  route(contracts.showCorrectable, ({ input, act }) =>
    act(async (tx) => {
      const subject = await findSubject(tx, ...subjectOf(input.subject));
      if (!subject) return notFound('没有这一项登记，或您看不到它。');
      const keeper = await findKeeper(tx, subject.scope);
      const { about, label, estateId } = subject;
      return { about, label, estateId, keeperName: keeper?.name ?? null, fields: fieldsOf(subject) };
    }),
  ),

  route(contracts.showCorrection, ({ input, act, person }) =>
    act(async (tx) => (await readCorrection(tx, input.id, person)) ?? notFound('没有这件纠错，或不在您的范围之内。')),
  ),

  route(contracts.askCorrection, ({ input, act, person, today }) =>
    act((tx) => askCorrection(tx, person, input, today)),
  ),
  route(contracts.objectToAnswer, ({ input, act, person, today }) =>
    act((tx) => objectToAnswer(tx, person, input, today)),
  ),
  route(contracts.answerCorrection, ({ input, act, person, today }) =>
    act((tx) => answerCorrection(tx, person, input, today)),
  ),

  route(contracts.attachToCorrection, ({ input, act, person, today, file, system }) =>
    act((tx) => attachToCorrection(tx, person, { id: input.id, bytes: file!.bytes }, system.files, today)),
  ),

  route(contracts.readAttachment, ({ input, act, system }) =>
    act(async (tx) => {
      const attached = await findAttachments(tx, input.id);
      const at = attached.findIndex((one) => one.id === input.attachment);
      const file = attached[at] && (await system.files.get(tx, attached[at].digest));
      return file
        ? { name: nameOfAttachment(file.media, at + 1), mediaType: file.media, bytes: file.bytes }
        : notFound('没有这一份，或不在您的范围之内。');
    }),
  ),
];
