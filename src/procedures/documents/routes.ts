import { checkVerifyCode } from '../../kernel/identifiers.ts';
import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { notFound, type Route, refuse, route } from '../../platform/http.ts';
import { inEachPost } from '../../registers/people/index.ts';
import { addSealedCopy, draftDocument, tickPosting, withdrawDocument } from './commands.ts';
import * as contracts from './contract.ts';
import { letterRoutes } from './letter-routes.ts';
import { findDocument, findDocuments, findToPost, readDocumentOf, verifyByCode } from './queries.ts';
import { selectCopies, selectPostingsOf } from './store.ts';

const notHere = '没有这份文件，或不在您的范围之内。';
/** The same for a draft and for a code that was never drawn. */
const noSuchCode = '没有查到这个核验码的盖章件。请对照纸上的码；还没有盖章的文件查不到。';

export const routes: Route[] = [
  route(contracts.listDocuments, ({ input, act }) =>
    act(async (tx) => ({ ...(await findDocuments(tx, input, input)), offset: input.offset, limit: input.limit })),
  ),

  route(contracts.exportDocuments, async (asked) => {
    const { rows } = await asked.act((tx) => findDocuments(tx, asked.input, everything));
    return exportOf(
      asked,
      sheetOf({
        title: '文件清单',
        notes: [`${contracts.documentSides[asked.input.side]}，截至 ${asked.today}；有盖章件且没有撤回的为有效。`],
        items: rows,
        columns: [
          { title: '编号', kind: 'integer', of: (one) => BigInt(one.id) },
          { title: '种类', kind: 'text', of: (one) => contracts.documentKinds[one.kind] },
          { title: '标题', kind: 'text', width: 40, of: (one) => one.title },
          { title: '发文字号', kind: 'text', width: 24, of: (one) => one.documentNumber },
          { title: '成文日期', kind: 'date', of: (one) => one.issuedOn },
          { title: '起草单位', kind: 'text', width: 26, of: (one) => one.organisationName },
          { title: '主送', kind: 'text', width: 26, of: (one) => one.addressee },
          { title: '地方', kind: 'text', width: 20, of: (one) => one.placeName },
          { title: '公开', kind: 'text', of: (one) => (one.isPublic ? '公开' : '不公开') },
          { title: '起草日期', kind: 'date', of: (one) => one.draftedOn },
          { title: '状态', kind: 'text', of: (one) => contracts.documentStandings[one.standing] },
          { title: '撤回理由', kind: 'text', width: 30, of: (one) => one.withdrawnReason },
        ],
      }),
    );
  }),

  route(contracts.listToPost, async (asked) => ({
    items: (
      await inEachPost(asked, async (tx, post) =>
        post.organisationId === null
          ? []
          : (await findToPost(tx, asked.today)).map((one) => ({ ...one, postId: post.id })),
      )
    ).flat(),
  })),

  route(contracts.readDocument, ({ input, act, person, today, system }) =>
    act(async (tx) => (await readDocumentOf(tx, input.id, person, today, system.publicUrl)) ?? notFound(notHere)),
  ),

  route(contracts.draftNotice, ({ input, act, person, today, system }) =>
    act((tx) =>
      draftDocument(
        tx,
        person,
        {
          kind: 'notice',
          title: input.title,
          addressee: input.addressee || undefined,
          place:
            input.estate === undefined ? { area: input.area ?? person.post.areaCode ?? '' } : { estate: input.estate },
          isPublic: input.isPublic,
          blankHead: input.blankHead,
          passages: input.text
            .split('\n')
            .map((text) => ({ text: text.trim() }))
            .filter(({ text }) => text !== ''),
        },
        today,
        system,
      ),
    ),
  ),

  ...letterRoutes,

  route(contracts.readDraft, ({ input, act, person, system }) =>
    act(async (tx) => {
      const of = await findDocument(tx, input.id);
      if (of?.organisationId !== person.post.organisationId) return notFound(notHere);
      const file = await system.files.get(tx, of!.draftDigest);
      return file
        ? { name: `${of!.title}（起草稿，未盖章）.docx`, mediaType: file.media, bytes: file.bytes }
        : notFound();
    }),
  ),

  route(contracts.addSealedCopy, ({ input, act, person, today, system, file }) =>
    act((tx) => addSealedCopy(tx, person, input, file!, today, system)),
  ),

  route(contracts.readSealedCopy, ({ input, act, system }) =>
    act(async (tx) => {
      const of = await findDocument(tx, input.id);
      const copy = of && (await selectCopies(tx, of.id)).find((one) => one.place === input.place);
      const file = copy && (await system.files.get(tx, copy.digest));
      if (!file) return notFound();
      const mark = of.withdrawnOn !== null ? '【已撤回】' : copy.place === of.copies ? '' : '【已被替代】';
      return { name: `${mark}${copy.name}`, mediaType: file.media, bytes: file.bytes };
    }),
  ),

  route(contracts.withdrawDocument, ({ input, act, person, today }) =>
    act((tx) => withdrawDocument(tx, person, input.id, input.reason, today)),
  ),

  route(contracts.listPostings, ({ input, act }) =>
    act(async (tx) => ({ items: await selectPostingsOf(tx, input.id) })),
  ),

  route(contracts.tickPosting, ({ input, act, person, today }) => act((tx) => tickPosting(tx, person, input, today))),

  route(contracts.verifyDocument, async ({ input, atTheDoor }) => {
    const code = checkVerifyCode(input.code);
    if (!code.ok) return refuse({ reason: code.reason, field: 'code' });
    return (await atTheDoor((tx) => verifyByCode(tx, code.value))) ?? notFound(noSuchCode);
  }),

  route(contracts.readPublicCopy, async ({ input, atTheDoor, system }) => {
    const code = checkVerifyCode(input.code);
    if (!code.ok) return refuse({ reason: code.reason, field: 'code' });
    return atTheDoor(async (tx) => {
      const of = await verifyByCode(tx, code.value);
      const valid = of?.copies.find((one) => one.standing === 'valid');
      const file = of?.isPublic && valid ? await system.files.get(tx, valid.digest) : undefined;
      if (!of || !valid || !file) return notFound('没有可以公开取用的盖章件。');
      return {
        name: `${of.title}.${extensions[file.media] ?? 'pdf'}`,
        mediaType: file.media,
        bytes: file.bytes,
      };
    });
  }),
];

const extensions: Record<string, string> = { 'image/jpeg': 'jpg', 'image/png': 'png' };
