import { countEntries } from '../../../registers/entries/contract.ts';
import { Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Page } from '../../shared/page.tsx';
import { useArea } from '../../shared/session.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count } from '../../shared/words.tsx';

/** The simple registers with how many rows of each are in force here. */
export function Component() {
  const query = useAsk(countEntries, { area: useArea(), estate: useUrl().number('estate') });
  return (
    <Page title="其他底册" lead="设备、网格、场所、划定和改造：谁知道谁登记，登记一次，处处可用。">
      <Shown query={query} what="底册">
        {({ items }) => (
          <Ledger
            label="其他底册"
            rows={items}
            keyOf={(one) => one.code}
            columns={[
              { title: '底册', name: true, show: (one) => <Go to={`/registers/${one.code}`}>{one.label}</Go> },
              { title: '登记什么', show: (one) => one.lead },
              { title: '现行', number: true, show: (one) => `${count(one.total)} ${one.counter}` },
            ]}
          />
        )}
      </Shown>
    </Page>
  );
}
