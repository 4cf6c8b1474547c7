import { exportIndicators, listIndicators } from '../../../oversight/indicators/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Shown } from '../../shared/feedback.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea } from '../../shared/session.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { IndicatorRows } from '../indicator-rows.tsx';

export function Component() {
  const area = useArea();
  const query = useAsk(listIndicators, { area }, { keep: true });
  const short = query.data?.items.filter((one) => one.verdict === 'short').length;
  return (
    <Page
      title="指标"
      state={short === undefined ? unanswered(query) : `${short} 项未达到`}
      lead={query.data && `共 ${query.data.items.length} 项，截至 ${query.data.today}；点数字看背后的名单。`}
      actions={<ExportButton of={exportIndicators} input={{ area }} />}
    >
      <Shown query={query} what="指标">
        {({ items }) => <IndicatorRows of={items} />}
      </Shown>
    </Page>
  );
}
