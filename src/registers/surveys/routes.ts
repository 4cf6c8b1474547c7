import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { closeSurvey, confirmSheet, openSurvey } from './commands.ts';
import * as contracts from './contract.ts';
import { findSheets, findSurvey, findSurveys, progressOf } from './queries.ts';

const notHere = () => notFound('没有这次摸排，或不在您的辖区内。');

export const routes: Route[] = [
  route(contracts.listSurveys, ({ input, act }) =>
    act(async (tx) => ({ ...(await findSurveys(tx, input, input)), offset: input.offset, limit: input.limit })),
  ),

  route(contracts.openSurvey, ({ input, act, person, today }) => act((tx) => openSurvey(tx, person, input, today))),

  route(contracts.showSurvey, ({ input, act, person, today }) =>
    act(async (tx) => {
      const survey = await findSurvey(tx, input.id);
      if (!survey) return notHere();
      const mayClose = survey.closedOn === null && survey.organisationId === person.post.organisationId;
      return { ...survey, progress: await progressOf(tx, survey, today), mayClose };
    }),
  ),

  route(contracts.listSheets, ({ input, act, today }) =>
    act(async (tx) => {
      const survey = await findSurvey(tx, input.id);
      if (!survey) return notHere();
      return { ...(await findSheets(tx, survey, input, input, today)), offset: input.offset, limit: input.limit };
    }),
  ),

  route(contracts.exportSheets, async (asked) => {
    const found = await asked.act(async (tx) => {
      const survey = await findSurvey(tx, asked.input.id);
      return survey && { survey, ...(await findSheets(tx, survey, asked.input, everything, asked.today)) };
    });
    if (!found) return notHere();
    const { survey, rows } = found;
    return exportOf(
      asked,
      sheetOf({
        title: '摸排核对单',
        notes: [
          `${survey.title}（${survey.areaName}），${survey.closedOn === null ? `截至 ${asked.today}` : `${survey.closedOn} 结束时冻结的名单`}。`,
        ],
        items: rows,
        columns: [
          { title: '社区', kind: 'text', of: (one) => one.areaName },
          { title: '小区', kind: 'text', width: 28, of: (one) => one.name },
          ...survey.fields.map((field) => ({
            title: contracts.surveyFields[field].label,
            kind: 'text' as const,
            unknown: '待补',
            of: (one: contracts.Sheet) => one.facts.find((fact) => fact.field === field)?.says ?? null,
          })),
          { title: '核对', kind: 'text', width: 22, of: (one) => contracts.sheetStates[one.state] },
          { title: '核对单位', kind: 'text', width: 26, of: (one) => one.confirmedBy },
          { title: '核对日期', kind: 'date', of: (one) => one.confirmedOn },
        ],
      }),
    );
  }),

  route(contracts.confirmSheet, ({ input, act, person, today }) => act((tx) => confirmSheet(tx, person, input, today))),
  route(contracts.closeSurvey, ({ input, act, person, today }) => act((tx) => closeSurvey(tx, person, input, today))),
];
