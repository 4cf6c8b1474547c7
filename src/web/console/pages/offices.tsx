import { Button } from 'antd';
import { useState } from 'react';
import type { Contract } from '../../../kernel/contract.ts';
import {
  answerObjection,
  type Bar,
  liftBar,
  liftSuspension,
  listAbsences,
  listBars,
  listMyBars,
  listSuspensions,
  objectToBar,
  returnFromLeave,
} from '../../../registers/offices/contract.ts';
import { Refusals } from '../../shared/feedback.tsx';
import { ListLedger, useList } from '../../shared/ledger.tsx';
import { Page } from '../../shared/page.tsx';
import { useMay } from '../../shared/session.tsx';
import { TabLine } from '../../shared/tab-line.tsx';
import { useAct } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { FormDialog } from '../form-dialog.tsx';
import { ReasonField } from '../office-forms.tsx';

const tabs = [
  { key: 'absences', label: '离岗与代理', needs: listAbsences, show: Absences },
  { key: 'suspensions', label: '停职', needs: listSuspensions, show: Suspensions },
  { key: 'bars', label: '回避', needs: listBars, show: Bars },
  { key: 'mine', label: '我的回避', needs: listMyBars, show: MyBars },
] as const;

/** What befell the posts of the range: leave and deputies, suspensions, conflicts of interest. */
export function Component() {
  const url = useUrl();
  const may = useMay();
  const open = tabs.filter((one) => may(one.needs as Contract));
  const current = open.find((one) => one.key === url.text('tab')) ?? open[0];
  if (!current) return null;
  const { show: Show } = current;
  return (
    <Page
      title="任职变动"
      state={current.label}
      lead="谁离岗、由谁代理，谁停职，谁须回避什么。登记的在“人员与账号”里办。"
    >
      {open.length > 1 && <TabLine label="任职变动" name="tab" current={current.key} of={open} />}
      <Show />
    </Page>
  );
}

const term = (one: { fromOn: string; toOn: string | null }) => (
  <>
    <span className="nowrap">{one.fromOn}</span> ～ <span className="nowrap">{one.toOn ?? '解除为止'}</span>
  </>
);

function Absences() {
  const url = useUrl();
  const may = useMay();
  const act = useAct(returnFromLeave);
  const query = useList(listAbsences, {}, url);
  return (
    <>
      <Refusals error={act.error} />
      <ListLedger
        label="离岗与代理"
        query={query}
        url={url}
        keyOf={(one) => `${one.kind} ${one.id}`}
        empty="没有登记离岗或代理。"
        columns={[
          { title: '任职者', name: true, show: (one) => one.holder },
          { title: '任职', show: (one) => `${one.organisationName} ${one.title}` },
          { title: '事项', show: (one) => (one.kind === 'leave' ? '离岗' : `由${one.deputy}代理`) },
          { title: '期间', show: term },
          { title: '依据文件', show: (one) => one.document },
          {
            title: '状态',
            show: (one) => {
              if (one.returnedOn) return `已于 ${one.returnedOn} 返岗`;
              if (one.kind === 'deputy') return one.inForce ? '离岗时代理' : '未到期或已到期';
              if (!one.inForce) return '未到期或已到期';
              return may(returnFromLeave) ? (
                <Button
                  size="small"
                  autoInsertSpace={false}
                  aria-label={`${one.holder} 提前返岗`}
                  loading={act.isPending}
                  onClick={() => act.mutate({ input: { id: one.id } })}
                >
                  提前返岗
                </Button>
              ) : (
                '离岗中'
              );
            },
          },
        ]}
      />
    </>
  );
}

function Suspensions() {
  const url = useUrl();
  const may = useMay();
  const act = useAct(liftSuspension);
  const [lifting, setLifting] = useState<number>();
  const query = useList(listSuspensions, {}, url);
  return (
    <>
      <ListLedger
        label="停职"
        query={query}
        url={url}
        keyOf={(one) => one.id}
        empty="没有停职的人。"
        columns={[
          { title: '何人', name: true, show: (one) => one.personName },
          { title: '停什么', show: (one) => (one.title ? `${one.organisationName} ${one.title}` : '全部任职') },
          { title: '期间', show: term },
          { title: '理由', show: (one) => one.reason },
          { title: '依据文件', show: (one) => one.document },
          {
            title: '状态',
            show: (one) => {
              if (one.liftedOn) return `已于 ${one.liftedOn} 恢复：${one.liftedReason}`;
              if (!one.inForce) return '未到期或已到期';
              return may(liftSuspension) ? (
                <Button
                  size="small"
                  autoInsertSpace={false}
                  aria-label={`恢复履职 ${one.personName}`}
                  onClick={() => setLifting(one.id)}
                >
                  恢复履职
                </Button>
              ) : (
                '停职中'
              );
            },
          },
        ]}
      />
      {lifting !== undefined && (
        <FormDialog<{ reason: string }>
          title="恢复履职"
          open
          onClose={() => setLifting(undefined)}
          okText="恢复"
          initial={{}}
          act={({ reason }) => act.mutateAsync({ input: { id: lifting, reason } })}
          busy={act.isPending}
          error={act.error}
        >
          <ReasonField />
        </FormDialog>
      )}
    </>
  );
}

const barColumns = [
  { title: '何人', name: true, show: (one: Bar) => one.personName },
  { title: '回避何处', show: (one: Bar) => one.subject },
  { title: '期间', show: term },
  { title: '理由', show: (one: Bar) => one.reason },
  {
    title: '异议',
    show: ({ objection }: Bar) =>
      objection === null
        ? '没有异议'
        : `${objection.objectedOn}：${objection.reason}${
            objection.upheld === null
              ? '（等待答复）'
              : `（${objection.upheld ? '成立' : '不成立'}：${objection.answer}）`
          }`,
  },
];

const stateOf = (one: Bar) =>
  one.liftedOn ? `已于 ${one.liftedOn} 解除：${one.liftedReason}` : one.inForce ? '须回避' : '未到期或已到期';

function Bars() {
  const url = useUrl();
  const may = useMay();
  const lift = useAct(liftBar);
  const answer = useAct(answerObjection);
  const [open, setOpen] = useState<{ id: number; act: 'lift' | 'uphold' | 'dismiss' }>();
  const query = useList(listBars, {}, url);
  const titles = { lift: '解除回避', uphold: '异议成立，解除回避', dismiss: '异议不成立' };
  return (
    <>
      <ListLedger
        label="回避"
        query={query}
        url={url}
        keyOf={(one) => one.id}
        empty="没有登记回避。"
        columns={[
          ...barColumns,
          {
            title: '状态',
            show: (one) =>
              !one.inForce || !may(liftBar) ? (
                stateOf(one)
              ) : (
                <span className="row-acts">
                  {one.objection?.upheld === null ? (
                    <>
                      <Button
                        size="small"
                        autoInsertSpace={false}
                        onClick={() => setOpen({ id: one.id, act: 'uphold' })}
                      >
                        异议成立
                      </Button>
                      <Button
                        size="small"
                        autoInsertSpace={false}
                        onClick={() => setOpen({ id: one.id, act: 'dismiss' })}
                      >
                        不成立
                      </Button>
                    </>
                  ) : (
                    <Button
                      size="small"
                      autoInsertSpace={false}
                      aria-label={`解除 ${one.personName}的回避`}
                      onClick={() => setOpen({ id: one.id, act: 'lift' })}
                    >
                      解除
                    </Button>
                  )}
                </span>
              ),
          },
        ]}
      />
      {open && (
        <FormDialog<{ reason: string }>
          title={titles[open.act]}
          open
          onClose={() => setOpen(undefined)}
          okText="确定"
          initial={{}}
          act={({ reason }) =>
            open.act === 'lift'
              ? lift.mutateAsync({ input: { id: open.id, reason } })
              : answer.mutateAsync({ input: { id: open.id, uphold: open.act === 'uphold', answer: reason } })
          }
          busy={lift.isPending || answer.isPending}
          error={lift.error ?? answer.error}
        >
          <ReasonField label={open.act === 'lift' ? '理由' : '答复'} />
        </FormDialog>
      )}
    </>
  );
}

function MyBars() {
  const url = useUrl();
  const act = useAct(objectToBar);
  const [objecting, setObjecting] = useState<number>();
  const query = useList(listMyBars, {}, url);
  return (
    <>
      <ListLedger
        label="我的回避"
        query={query}
        url={url}
        keyOf={(one) => one.id}
        empty="您没有须回避的小区或单位。"
        columns={[
          ...barColumns
            .map((one) => ({ ...one, name: one.title === '回避何处' }))
            .filter((one) => one.title !== '何人'),
          {
            title: '状态',
            show: (one) =>
              one.inForce && one.objection === null ? (
                <Button
                  size="small"
                  autoInsertSpace={false}
                  aria-label={`提出异议 ${one.subject}`}
                  onClick={() => setObjecting(one.id)}
                >
                  提出异议
                </Button>
              ) : (
                stateOf(one)
              ),
          },
        ]}
      />
      {objecting !== undefined && (
        <FormDialog<{ reason: string }>
          title="对回避提出异议"
          open
          onClose={() => setObjecting(undefined)}
          okText="提出"
          initial={{}}
          act={({ reason }) => act.mutateAsync({ input: { id: objecting, reason } })}
          busy={act.isPending}
          error={act.error}
        >
          <p>由安全管理员答复；成立的，回避随即解除。</p>
          <ReasonField label="异议的理由" />
        </FormDialog>
      )}
    </>
  );
}
