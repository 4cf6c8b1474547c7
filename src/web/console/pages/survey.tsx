import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import { draftSurveyNotice } from '../../../procedures/documents/contract.ts';
import {
  closeSurvey,
  confirmSheet,
  exportSheets,
  listSheets,
  type Sheet,
  type SheetState,
  sheetStates,
  showSurvey,
  surveyFields,
} from '../../../registers/surveys/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Refusals } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, Ledger, ListLedger, useList } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { useAddress, useArea } from '../../shared/session.tsx';
import { State, type Tone } from '../../shared/states.tsx';
import { Timeline } from '../../shared/timeline.tsx';
import { useAct } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, options, orMissing } from '../../shared/words.tsx';
import { DraftButton } from '../draft-button.tsx';
import { FormDialog } from '../form-dialog.tsx';

type Of = OutputOf<typeof showSurvey>;

export function Component() {
  return (
    <RecordDetail of={showSurvey} what="摸排">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

function Record({ of }: { of: Of }) {
  const url = useUrl();
  const input = { id: of.id, area: useArea(), state: url.one('state', Object.keys(sheetStates) as SheetState[]) };
  const [closing, setClosing] = useState(false);
  const sum = (of_: 'total' | 'confirmed') => of.progress.reduce((all, one) => all + one[of_], 0);
  return (
    <Page
      title={of.title}
      state={`已核对 ${sum('confirmed')}/${sum('total')}`}
      lead={`${of.areaName}，${of.dueOn} 前。${of.closedOn === null ? '' : `已于 ${of.closedOn} 结束。`}`}
      actions={
        <>
          {of.mayClose && (
            <DraftButton of={draftSurveyNotice} input={{ id: of.id }}>
              起草通知
            </DraftButton>
          )}
          {of.mayClose && <Button onClick={() => setClosing(true)}>结束摸排</Button>}
          <ExportButton of={exportSheets} input={input} list="核对单" />
        </>
      }
      definition="核对过、之后底册没有再改的，算已核对。结束以后名单不再变，可作为分母。"
    >
      <Facts
        of={{
          依据: of.basis,
          核对哪几项: of.fields.map((field) => surveyFields[field].label).join('、'),
          谁开始的: `${of.organisationName}　${of.openedOn}`,
          已核对: `${count(sum('confirmed'))}，共 ${count(sum('total'))} 个小区`,
          ...(of.note !== null && { 结束说明: of.note }),
          ...(of.closedOn !== null && {
            作分母: <Go to="/indicators">到数小区的那项指标，冻结分母时选这一次的名单</Go>,
          }),
        }}
      />
      {of.progress.length > 1 && (
        <Section title="各社区">
          <Ledger
            label="各社区"
            rows={of.progress}
            keyOf={(one) => one.areaCode}
            columns={[
              {
                title: '社区',
                name: true,
                show: (one) => (
                  <Go to={`/surveys/${of.id}`} query={{ area: one.areaCode }}>
                    {one.areaName}
                  </Go>
                ),
              },
              { title: '小区', number: true, show: (one) => count(one.total) },
              { title: '已核对', number: true, show: (one) => count(one.confirmed) },
            ]}
          />
        </Section>
      )}
      <Sheets of={of} input={input} />
      <Section title="经过">
        <Timeline
          empty="没有记录。"
          of={[
            { on: of.openedOn, who: of.organisationName, what: `开始，要求 ${of.dueOn} 前核对完`, note: of.basis },
            { on: of.closedOn, who: of.organisationName, what: '结束', note: of.note },
          ]}
        />
      </Section>
      {closing && <Close of={of} onClose={() => setClosing(false)} />}
    </Page>
  );
}

const tones: Record<SheetState, Tone> = {
  waiting: 'soon',
  missing: 'outside',
  changed: 'soon',
  confirmed: 'met',
  unconfirmed: 'calm',
};

function Sheets({
  of,
  input,
}: {
  of: Of;
  input: { id: number; area: string | undefined; state: SheetState | undefined };
}) {
  const url = useUrl();
  const query = useList(listSheets, input, url);
  const confirm = useAct(confirmSheet);
  const navigate = useNavigate();
  const address = useAddress();
  const change = (row: string) =>
    navigate(address('/imports/new', { kind: 'estates', way: 'paste' }), { state: { pasted: row } });
  return (
    <Section title="核对单">
      <Refusals error={confirm.error} />
      <Filters url={url} names={['state']}>
        <ChoiceField url={url} name="state" label="核对" choices={options(sheetStates)} />
      </Filters>
      <ListLedger
        label="核对单"
        query={query}
        url={url}
        unit="个小区"
        keyOf={(one) => one.estateId}
        empty="没有这样的小区。"
        columns={[
          { title: '小区', name: true, show: (one) => <Go to={`/estates/${one.estateId}`}>{one.name}</Go> },
          { title: '社区', show: (one) => one.areaName },
          ...of.fields.map((field) => ({
            title: surveyFields[field].label,
            show: (one: Sheet) => orMissing(one.facts.find((fact) => fact.field === field)?.says),
          })),
          { title: '核对', show: (one) => <State tone={tones[one.state]}>{sheetStates[one.state]}</State> },
          ...(of.closedOn === null
            ? [
                {
                  title: '操作',
                  screenOnly: true,
                  show: (one: Sheet) => (
                    <>
                      {(one.state === 'waiting' || one.state === 'changed') && (
                        <Button
                          disabled={confirm.isPending}
                          aria-label={`${one.name}无变化`}
                          onClick={() =>
                            confirm
                              .mutateAsync({ input: { id: of.id, estate: one.estateId, mark: one.mark } })
                              .catch(() => {})
                          }
                        >
                          无变化
                        </Button>
                      )}{' '}
                      <Button aria-label={`${one.name}有变化`} onClick={() => change(one.row)}>
                        有变化
                      </Button>
                    </>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Section>
  );
}

function Close({ of, onClose }: { of: Of; onClose: () => void }) {
  const act = useAct(closeSurvey);
  return (
    <FormDialog<{ note: string }>
      title={`结束“${of.title}”`}
      open
      onClose={onClose}
      okText="结束摸排"
      initial={{}}
      act={({ note }) => act.mutateAsync({ input: { id: of.id, note } })}
      busy={act.isPending}
      error={act.error}
    >
      <p className="note">结束以后不能再核对，名单冻结；没有核对的照实写“没有核对”。</p>
      <Form.Item name="note" label="情况" rules={[{ required: true, min: 2, message: '请写明情况' }]}>
        <Input.TextArea rows={3} maxLength={300} />
      </Form.Item>
    </FormDialog>
  );
}
