import { addDays, localDate } from '../../kernel/local-date.ts';
import { readMonth } from '../../oversight/duties/contract.ts';
import { listIndicators } from '../../oversight/indicators/contract.ts';
import { organisationKinds } from '../../registers/organisations/contract.ts';
import { Empty, Shown } from '../shared/feedback.tsx';
import { Go } from '../shared/go.tsx';
import { Ledger } from '../shared/ledger.tsx';
import { Section } from '../shared/page.tsx';
import { useArea, useMe } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';
import { count, labelIn } from '../shared/words.tsx';
import { IndicatorRows } from './indicator-rows.tsx';

/** Which indicators are a department's own matter, by their category; whoever is not here looks after all of them. */
const own: Readonly<Record<string, readonly string[]>> = {
  'organisation-department': ['organisation', 'joint'],
  'industry-party-committee': ['organisation', 'joint'],
  'party-work-committee': ['organisation', 'joint'],
  'community-party-organisation': ['organisation', 'joint'],
  'political-legal-commission': ['requests', 'joint'],
  'civil-affairs-bureau': ['committees'],
};
/** Ours: as many as the first screen bears. */
const most = 8;

/** What a supervising office looks at first, beside its own to-do: what falls due in its area this week, and which figures fall short. */
export function Overview() {
  return (
    <>
      <Week />
      <Shortfalls />
    </>
  );
}

function Week() {
  const today = localDate(useMe().deployment.today);
  const area = useArea();
  const until = addDays(today, 6);
  const [first, last] = [today.slice(0, 7), until.slice(0, 7)];
  const now = useAsk(readMonth, { month: first, area });
  const then = useAsk(readMonth, { month: last, area }, { enabled: last !== first });
  const lines = [now, ...(last === first ? [] : [then])]
    .flatMap((one) => one.data?.lines ?? [])
    .filter((one) => one.dueOn >= today && one.dueOn <= until && one.done < one.total);
  return (
    <Section title="本周法定节点" note={`辖区各单位，${today} 至 ${until}`} actions={<Go to="/calendar">日历</Go>}>
      <Shown query={now} what="法定节点">
        {() =>
          lines.length === 0 ? (
            <Empty>这一周没有到期的事。</Empty>
          ) : (
            <Ledger
              label="本周法定节点"
              rows={lines}
              keyOf={(one) => `${one.matter} ${one.bearerKind} ${one.period} ${one.dueOn}`}
              columns={[
                {
                  title: '事项',
                  name: true,
                  show: (one) => (
                    <Go to="/duties" query={{ tab: 'all', matter: one.matter, month: one.dueOn.slice(0, 7) }}>
                      {one.label}
                    </Go>
                  ),
                },
                { title: '到期', show: (one) => <span className="nowrap">{one.dueOn}</span> },
                { title: '谁办', show: (one) => labelIn(organisationKinds, one.bearerKind) },
                { title: '还没办的', number: true, show: (one) => count(one.total - one.done) },
              ]}
            />
          )
        }
      </Shown>
    </Section>
  );
}

function Shortfalls() {
  const area = useArea();
  const { organisationKind } = useMe().post;
  const mine = own[organisationKind];
  const query = useAsk(listIndicators, { area });
  return (
    <Section title="没有达到的指标" note={mine && '本条线'} actions={<Go to="/indicators">全部指标</Go>}>
      <Shown query={query} what="指标">
        {({ items }) => {
          const short = items.filter(
            (one) => one.verdict === 'short' && !one.final && (mine?.includes(one.category ?? '') ?? true),
          );
          return short.length === 0 ? <Empty>没有未达到的指标。</Empty> : <IndicatorRows of={short.slice(0, most)} />;
        }}
      </Shown>
    </Section>
  );
}
