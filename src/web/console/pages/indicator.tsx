import { useParams } from 'react-router';
import type { OutputOf } from '../../../kernel/contract.ts';
import {
  exportForPublication,
  exportIndicatorSubjects,
  type IndicatorSubject,
  listIndicatorSubjects,
  partLabels,
  readIndicator,
  verdictLabels,
} from '../../../oversight/indicators/contract.ts';
import { forces, ranks, statuses } from '../../../registers/requirements/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Shown } from '../../shared/feedback.tsx';
import { ClauseChips, Go } from '../../shared/go.tsx';
import { Ledger, ListLedger, useList } from '../../shared/ledger.tsx';
import { Facts, Page, Section, unanswered } from '../../shared/page.tsx';
import { useArea } from '../../shared/session.tsx';
import { State, VerdictWord } from '../../shared/states.tsx';
import { TabLine } from '../../shared/tab-line.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { campaignWord, labelIn } from '../../shared/words.tsx';
import { subjectPath } from '../duty-columns.tsx';
import { IndicatorBases } from '../indicator-bases.tsx';
import { Ratio, ShareWithTarget } from '../indicator-rows.tsx';
import { Trend } from '../indicator-trend.tsx';

export function Component() {
  const id = Number(useParams().id);
  const area = useArea();
  const query = useAsk(readIndicator, { id, area }, { keep: true });
  return query.data ? (
    <Record of={query.data} area={area} />
  ) : (
    <Page title="指标" state={unanswered(query)}>
      <Shown query={query} what="指标">
        {() => null}
      </Shown>
    </Page>
  );
}

function Record({ of, area }: { of: OutputOf<typeof readIndicator>; area: string | undefined }) {
  return (
    <Page
      title={of.label}
      state={verdictLabels[of.verdict]}
      mark={of.status !== 'in-force' && <State tone="outside">{`${labelIn(statuses, of.status)}·试算`}</State>}
      lead={
        of.final
          ? `${campaignWord(of.campaign)}已结束，这是 ${of.asOf} 的最终结果。`
          : `截至 ${of.asOf}${of.by ? `，${of.by} 前完成` : ''}`
      }
      definition={of.definition}
    >
      <div className="figure">
        <Ratio of={of} unit={of.unit} at={of.id} />
        <ShareWithTarget of={of} target={of.target} />
        <VerdictWord verdict={of.verdict} />
      </div>
      <Facts
        of={{
          口径: of.definition,
          效力: `${labelIn(forces, of.force)}（${labelIn(ranks, of.rank)}）`,
          出处: (
            <>
              {of.packLabel}：{of.source} <ClauseChips ids={of.clauses} />
            </>
          ),
          ...(of.assumption && { 本系统的理解: of.assumption }),
          ...(of.note && { 说明: of.note }),
        }}
      />
      <IndicatorBases of={of} />
      <Section
        title="各地情况"
        actions={
          <ExportButton of={exportForPublication} input={{ id: of.id, area }}>
            导出公开版
          </ExportButton>
        }
      >
        <Ledger
          label="各地情况"
          rows={of.areas}
          keyOf={(one) => one.code}
          columns={[
            {
              title: '地方',
              name: true,
              show: (one) =>
                one.code === area ? (
                  '本级'
                ) : (
                  <Go to={`/indicators/${of.id}`} query={{ area: one.code }}>
                    {one.name}
                  </Go>
                ),
            },
            {
              title: '分子 / 分母',
              number: true,
              show: (one) => <Ratio of={one} unit={of.unit} at={of.id} area={one.code} />,
            },
            { title: '完成情况', width: '34%', show: (one) => <ShareWithTarget of={one} target={of.target} /> },
            { title: '结论', show: (one) => <VerdictWord verdict={one.verdict} /> },
          ]}
        />
      </Section>
      <Trend of={of} area={area} />
      <Behind id={of.id} area={area} frozen={of.frozen.length > 0} />
    </Page>
  );
}

type Part = keyof typeof partLabels;
const parts: readonly Part[] = ['missing', 'unknown', 'counted', 'all', 'leftOut'];

/** The list behind the numbers. */
function Behind({ id, area, frozen }: { id: number; area: string | undefined; frozen: boolean }) {
  const url = useUrl();
  const part = url.one('part', parts) ?? 'missing';
  const query = useList(listIndicatorSubjects, { id, area, part }, url);
  return (
    <Section
      title="背后的名单"
      actions={<ExportButton of={exportIndicatorSubjects} input={{ id, area, part }} list="背后的名单" />}
    >
      <TabLine
        label="名单"
        name="part"
        current={part}
        of={parts.filter((key) => key !== 'leftOut' || frozen).map((key) => ({ key, label: partLabels[key] }))}
      />
      <ListLedger
        label="背后的名单"
        query={query}
        url={url}
        unit="个"
        keyOf={(one) => `${one.subjectKind}:${one.subjectId}:${one.label}`}
        empty={part === 'missing' ? '没有未达到的。' : '没有符合条件的对象。'}
        columns={[
          { title: '对象', name: true, show: (one) => <Named of={one} /> },
          { title: '所在', show: (one) => one.place || '--' },
          {
            title: '情况',
            show: (one) =>
              one.unweighed ? (
                <State tone="outside">面积待补</State>
              ) : one.counted === null ? (
                <State tone="outside">待补</State>
              ) : one.counted ? (
                <State tone="met">达到</State>
              ) : (
                <State tone="soon">未达到</State>
              ),
          },
        ]}
      />
    </Section>
  );
}

function Named({ of }: { of: IndicatorSubject }) {
  const to = subjectPath(of);
  return to ? <Go to={to}>{of.label}</Go> : <>{of.label}</>;
}
