import { Button, QRCode } from 'antd';
import type { OutputOf } from '../../../kernel/contract.ts';
import { dayOf, labelOfPeriod, localDate, monthOf } from '../../../kernel/local-date.ts';
import { draftMonthNotice, readSheet } from '../../../oversight/duties/contract.ts';
import { showArea } from '../../../registers/areas/contract.ts';
import { listCommittees } from '../../../registers/estates/contract.ts';
import { organisationKinds } from '../../../registers/organisations/contract.ts';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Page, Section, unanswered, useTitle } from '../../shared/page.tsx';
import { standingOf, useArea, useMe } from '../../shared/session.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, labelIn } from '../../shared/words.tsx';
import { ChatText } from '../chat-text.tsx';
import { DraftButton } from '../draft-button.tsx';
import { MonthField, useMonth } from '../month-field.tsx';
import '../sheets.css';

/** The month on a wall: of one body, or of a community's own bodies. Who looks from above chooses one. */
export function Component() {
  const url = useUrl();
  const { post } = useMe();
  const area = useArea();
  const here = useAsk(showArea, { code: area ?? '' }, { enabled: area !== undefined, keep: true });
  const bearer = url.number('bearer') ?? (standingOf(post) === 'body' ? post.organisationId! : undefined);
  if (bearer !== undefined) return <Sheet whose={{ bearer }} />;
  if (!here.data || area === undefined) {
    return (
      <Page title="本月清单" state={unanswered(here)} printable={false}>
        <Shown query={here} what="辖区">
          {() => null}
        </Shown>
      </Page>
    );
  }
  return here.data.level === 'community' ? <Sheet whose={{ area }} /> : <Choose of={here.data} />;
}

function Choose({ of }: { of: OutputOf<typeof showArea> }) {
  const committees = useAsk(listCommittees, { area: of.code, limit: 500 });
  return (
    <Page
      title="本月清单"
      state="请选择"
      printable={false}
      lead="每个社区、每个业委会一张 A4，贴在墙上；扫码就能报备。请选择一个。"
    >
      <Section title={of.level === 'subdistrict' ? '社区' : '下级'}>
        {of.below.length === 0 ? (
          <Empty>这里还没有登记下级。请在“区划与政策”里添加。</Empty>
        ) : (
          <ul className="shortcuts">
            {of.below.map((one) => (
              <li key={one.code}>
                <Go to="/sheet" query={{ area: one.code }}>
                  {one.name}
                </Go>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="业主组织">
        <Shown query={committees} what="业主组织">
          {({ rows }) =>
            rows.length === 0 ? (
              <Empty action={<Go to="/imports/new">导入名册</Go>}>这里还没有登记业委会或物管会。</Empty>
            ) : (
              <Ledger
                label="业主组织"
                rows={rows}
                keyOf={(one) => one.id}
                columns={[
                  {
                    title: '名称',
                    name: true,
                    show: (one) => (
                      <Go to="/sheet" query={{ bearer: one.id }}>
                        {one.name}
                      </Go>
                    ),
                  },
                  { title: '小区', show: (one) => one.estateName },
                ]}
              />
            )
          }
        </Shown>
      </Section>
    </Page>
  );
}

type Answer = OutputOf<typeof readSheet>;

function Sheet({ whose }: { whose: { area: string } | { bearer: number } }) {
  const url = useUrl();
  const month = useMonth(url);
  const query = useAsk(readSheet, { month, ...whose }, { keep: true });
  useTitle('本月清单', query.data ? `${query.data.lines.length} 项` : unanswered(query));
  return (
    <>
      <div className="sheet-actions no-print">
        <Button type="primary" onClick={() => window.print()}>
          打印这张清单
        </Button>
        <MonthField url={url} />
        {'area' in whose && (
          <DraftButton of={draftMonthNotice} input={{ month, area: whose.area }}>
            起草本月通知
          </DraftButton>
        )}
        <Go to="/calendar" query={{ month: url.text('month') }}>
          看日历
        </Go>
      </div>
      {query.data ? (
        <>
          <Paper of={query.data} />
          <ChatText of={query.data.chat} />
        </>
      ) : (
        <>
          <h1>本月清单</h1>
          <Shown query={query} what="清单">
            {() => null}
          </Shown>
        </>
      )}
    </>
  );
}

function Paper({ of }: { of: Answer }) {
  const { post, deployment } = useMe();
  return (
    <article className="paper" aria-label="本月清单">
      <header>
        <h1>
          {of.name}
          <br />
          {labelOfPeriod(of.month)}清单
        </h1>
        <p>要办的事按日期排好。办成以后，用手机扫右边的码报备，单位、事项、期间都已填好。</p>
      </header>
      {of.lines.length === 0 && <p className="paper-none">这个月没有到期的事。</p>}
      <ol>
        {of.lines.map((line) => (
          <li key={`${line.source}${line.matter}${line.period}${line.dueOn}${line.bearerKind}`}>
            <p className="when">
              {monthOf(localDate(line.dueOn))}月<b>{dayOf(localDate(line.dueOn))}</b>日前
              {line.provisional && <span className="provisional">暂定</span>}
            </p>
            <div>
              <h2>{line.label}</h2>
              <p>
                {line.about}，{line.period}
              </p>
              <p>
                {labelIn(organisationKinds, line.bearerKind)}办　依据 {line.clauses.join('、') || line.source}
              </p>
              {line.done > 0 && (
                <p className="done">{line.done === line.total ? '已办成' : `已办成 ${line.done} 个`}</p>
              )}
            </div>
            {line.done < line.total && <Code to={line.url} word="报备" label={`报备：${line.label}`} />}
          </li>
        ))}
        {of.owed > 0 && (
          <li>
            <p className="when">以前</p>
            <div>
              <h2>还欠 {count(of.owed)} 项没有办</h2>
              <p>扫码看是哪几项。</p>
            </div>
            <Code to={of.owedUrl} word="查看" label="查看还欠着的事" />
          </li>
        )}
      </ol>
      <footer>
        {post.organisationName}　{of.today} 印{deployment.mode === 'demo' && '　演示数据'}
        <br />
        口径：这个月到期、有约束力的事；没有公布放假安排的日期标“暂定”。
      </footer>
    </article>
  );
}

/** On paper a code; whoever has the page itself before them presses the word. */
function Code({ to, word, label }: { to: string; word: string; label: string }) {
  const { pathname, search } = new URL(to);
  return (
    <div>
      <QRCode
        className="paper-code"
        type="svg"
        value={to}
        size={112}
        bordered={false}
        aria-label={`二维码，${label}`}
      />
      <a className="no-print" href={pathname + search} aria-label={label}>
        {word}
      </a>
    </div>
  );
}
