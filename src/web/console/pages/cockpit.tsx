import type { OutputOf } from '../../../kernel/contract.ts';
import { readBoard, readInterventions } from '../../../oversight/duties/contract.ts';
import { exportIndicators, listIndicators } from '../../../oversight/indicators/contract.ts';
import { areaLevels, showArea } from '../../../registers/areas/contract.ts';
import { listEstates } from '../../../registers/estates/contract.ts';
import { groups } from '../../../registers/requirements/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { ClauseChips, Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Page, Section, unanswered } from '../../shared/page.tsx';
import { useArea, useMay } from '../../shared/session.tsx';
import { Trial } from '../../shared/states.tsx';
import { SubtractionBar } from '../../shared/subtraction-bar.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, labelIn, Missing } from '../../shared/words.tsx';
import { YearField } from '../../shared/year-field.tsx';
import { subjectPath } from '../duty-columns.tsx';
import { IndicatorRows } from '../indicator-rows.tsx';
import { Wall } from '../wall.tsx';

/** The same page at every level, from the province to the community; an estate's is its own page. */
export function Component() {
  const url = useUrl();
  const year = url.number('year');
  return url.one('layout', ['wall'] as const) ? <Wall year={year} /> : <Cockpit year={year} />;
}

function Cockpit({ year }: { year: number | undefined }) {
  const area = useArea();
  const may = useMay();
  const url = useUrl();
  const board = useAsk(readBoard, { area, year }, { keep: true });
  const here = useAsk(showArea, { code: area ?? '' }, { enabled: area !== undefined, keep: true });
  const owed = board.data?.total.owed;
  return (
    <Page
      title={`${here.data?.name ?? ''}驾驶舱`}
      state={owed === undefined ? unanswered(board) : `待办 ${count(owed)}`}
      mark={here.data?.inTrial && <Trial />}
      lead={
        here.data?.inTrial
          ? `试运行到 ${here.data.trialUntil}：只提醒，不升级，不比较。`
          : board.data && `${board.data.year} 年，截至 ${board.data.today}`
      }
      actions={
        <>
          <YearField url={url} />
          <Go to="/cockpit" query={{ year, layout: 'wall' }}>
            大屏
          </Go>
        </>
      }
      definition="应为：这一年里已到期、且在纳入日之后的义务；已为：其中已经办成并报备的；待办：应为减已为。"
    >
      <Shown query={board} what="总账">
        {(answer) => <SubtractionBar of={answer.total} behind={{ area, year: answer.year }} />}
      </Shown>
      <div className="columns">
        {may(readInterventions) && <Interventions area={area} />}
        <Section title="分类">
          <Shown query={board}>{(answer) => <Categories of={answer} area={area} />}</Shown>
        </Section>
      </div>
      {here.data &&
        (here.data.level === 'community' ? (
          <EstatesHere area={here.data.code} year={board.data?.year} />
        ) : (
          <Section title={`各${levelBelow(here.data.level)}`}>
            <Shown query={board}>{(answer) => <Areas of={answer} area={area} year={year} />}</Shown>
          </Section>
        ))}
      {area === undefined && <EstatesHere area={undefined} year={board.data?.year} />}
      {may(listIndicators) && <Indicators area={area} />}
    </Page>
  );
}

function levelBelow(level: keyof typeof areaLevels): string {
  const levels = Object.keys(areaLevels) as (keyof typeof areaLevels)[];
  return areaLevels[levels[levels.indexOf(level) + 1] ?? 'community'];
}

function Interventions({ area }: { area: string | undefined }) {
  const query = useAsk(readInterventions, { area }, { keep: true });
  return (
    <Section
      title="要干预清单"
      note="不分年份，超期最久的在前；试运行的地方不列入"
      actions={
        <Go to="/duties" query={{ tab: 'overdue' }}>
          全部超期
        </Go>
      }
    >
      <Shown query={query} what="要干预清单">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>没有需要干预的单位和小区。</Empty>
          ) : (
            <Ledger
              label="要干预清单"
              rows={items}
              keyOf={(one) => `${one.subjectKind}:${one.subjectId}`}
              columns={[
                {
                  title: '对象',
                  name: true,
                  show: (one) => (
                    <>
                      <Go to={subjectPath(one) ?? `/duties/${one.worst.id}`}>{one.subjectLabel}</Go>
                      <span className="sub">{one.place}</span>
                    </>
                  ),
                },
                {
                  title: '最久的一项',
                  show: (one) => (
                    <>
                      <Go to={`/duties/${one.worst.id}`}>{one.worst.label}</Go>{' '}
                      <span className="sub">{one.worst.period}</span> <ClauseChips ids={one.worst.clauses} />
                    </>
                  ),
                },
                { title: '责任单位', show: (one) => one.bearerName ?? <Missing /> },
                {
                  title: '超期',
                  number: true,
                  show: (one) => <b className="overdue-days">{count(one.daysLate)} 天</b>,
                },
                { title: '共几项', number: true, show: (one) => count(one.overdue) },
              ]}
            />
          )
        }
      </Shown>
    </Section>
  );
}

type Board = OutputOf<typeof readBoard>;

function Categories({ of, area }: { of: Board; area: string | undefined }) {
  return (
    <ul className="bar-list">
      {of.categories.map((one) => (
        <li key={one.category}>
          <h3>{labelIn(groups, one.category)}</h3>
          <SubtractionBar of={one} size="row" behind={{ area, year: of.year, category: one.category }} />
        </li>
      ))}
    </ul>
  );
}

function Areas({ of, area, year }: { of: Board; area: string | undefined; year: number | undefined }) {
  if (of.areas.length === 0) return <Empty>这里还没有义务。适用政策包并设定纳入日期后，义务会自动出现。</Empty>;
  return (
    <Ledger
      label="各地"
      rows={of.areas}
      keyOf={(one) => one.code}
      columns={[
        {
          title: '地方',
          name: true,
          width: '22%',
          show: (one) =>
            one.code === area ? (
              '本级'
            ) : (
              <>
                <Go to="/cockpit" query={{ area: one.code, year }}>
                  {one.name}
                </Go>{' '}
                {one.inTrial && <Trial />}
              </>
            ),
        },
        {
          title: '应为 − 已为 = 待办',
          show: (one) => <SubtractionBar of={one} size="row" behind={{ area: one.code, year: of.year }} />,
        },
        { title: '将到期', number: true, show: (one) => count(one.dueSoon) },
        { title: '未到期', number: true, show: (one) => count(one.notDue) },
        { title: '未纳入', number: true, show: (one) => count(one.notEnrolled) },
      ]}
    />
  );
}

function EstatesHere({ area, year }: { area: string | undefined; year: number | undefined }) {
  const query = useAsk(listEstates, { area, limit: 100 });
  return (
    <Section title="各小区" actions={<Go to="/estates">小区档案</Go>}>
      <Shown query={query} what="小区">
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty action={<Go to="/imports/new">导入小区名册</Go>}>这个社区还没有登记小区。</Empty>
          ) : (
            <Ledger
              label="各小区"
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                {
                  title: '小区',
                  name: true,
                  width: '22%',
                  show: (one) => <Go to={`/estates/${one.id}`}>{one.name}</Go>,
                },
                { title: '应为 − 已为 = 待办', show: (one) => <EstateBar id={one.id} year={year} /> },
                { title: '物业', show: (one) => one.companyName ?? (one.served === false ? '无物业' : <Missing />) },
              ]}
            />
          )
        }
      </Shown>
    </Section>
  );
}

function EstateBar({ id, year }: { id: number; year: number | undefined }) {
  const query = useAsk(readBoard, { estate: id, year });
  return (
    <Shown query={query}>
      {(answer) => (
        <SubtractionBar of={answer.total} size="row" behind={{ estate: id, year: answer.year, area: undefined }} />
      )}
    </Shown>
  );
}

function Indicators({ area }: { area: string | undefined }) {
  const query = useAsk(listIndicators, { area }, { keep: true });
  return (
    <Section title="指标" actions={<ExportButton of={exportIndicators} input={{ area }} />}>
      <Shown query={query} what="指标">
        {({ items }) => <IndicatorRows of={items} />}
      </Shown>
    </Section>
  );
}
