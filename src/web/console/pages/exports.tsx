import { type ExportJob, exportStates, fetchExport, listExports } from '../../../registers/exports/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { State } from '../../shared/states.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { count, moment } from '../../shared/words.tsx';

/** Ours: how often the page asks while something is being written. */
const EVERY_MS = 2_000;

export function Component() {
  const query = useAsk(
    listExports,
    {},
    { every: (answer) => (answer?.items.some((one) => one.state === 'waiting') ? EVERY_MS : false) },
  );
  const ready = query.data?.items.filter((one) => one.state === 'ready').length;
  return (
    <Page
      title="导出中心"
      state={ready === undefined ? unanswered(query) : `${ready} 份可以下载`}
      lead="超过 5,000 行的清单在后台写成，写好后在这里领取，保存七天。只有您本人、在申请时的职务上看得见；每次领取都会留痕。"
    >
      <Shown query={query} what="导出">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>没有在保存期内的导出。在任何一张清单上点“导出”，短的直接下载，长的会出现在这里。</Empty>
          ) : (
            <Ledger
              label="导出"
              rows={items}
              keyOf={(one) => one.id}
              columns={[
                { title: '内容', name: true, show: (one) => one.name ?? one.label },
                { title: '申请时间', show: (one) => <span className="nowrap">{moment(one.askedAt)}</span> },
                { title: '状态', show: (one) => <ExportWord of={one} /> },
                {
                  title: '大小（KB）',
                  number: true,
                  show: (one) => (one.bytes === null ? '--' : count((BigInt(one.bytes) + 1023n) / 1024n)),
                },
                { title: '保存到', show: (one) => <span className="nowrap">{one.keptUntil}</span> },
                {
                  title: '领取',
                  screenOnly: true,
                  show: (one) =>
                    one.state === 'ready' && (
                      <ExportButton of={fetchExport} input={{ id: one.id }}>
                        下载
                      </ExportButton>
                    ),
                },
              ]}
            />
          )
        }
      </Shown>
    </Page>
  );
}

function ExportWord({ of }: { of: ExportJob }) {
  const tone = of.state === 'ready' ? 'met' : of.state === 'failed' ? 'overdue' : 'calm';
  return (
    <>
      <State tone={tone}>{exportStates[of.state]}</State>
      {of.problem && <span className="sub">{of.problem}</span>}
    </>
  );
}
