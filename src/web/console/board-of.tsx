import { listDuties, readBoard } from '../../oversight/duties/contract.ts';
import { Empty, Shown } from '../shared/feedback.tsx';
import { Go } from '../shared/go.tsx';
import { Ledger } from '../shared/ledger.tsx';
import { Section } from '../shared/page.tsx';
import { SubtractionBar } from '../shared/subtraction-bar.tsx';
import { useAsk } from '../shared/use-ask.ts';
import { dutyColumns } from './duty-columns.tsx';

const { label, bearer, subject, period, due, state, clauses, act } = dutyColumns;

/** The subtraction of one estate or one bearer, and the duties next in line. */
export function BoardOf({ estate, bearer: of }: { estate?: number; bearer?: number }) {
  const where = { estate, bearer: of };
  const board = useAsk(readBoard, where);
  const duties = useAsk(listDuties, { ...where, standing: ['overdue', 'due-soon', 'not-due'], limit: 12 });
  return (
    <Section
      title="应办的事"
      note={board.data && `${board.data.year} 年`}
      actions={
        <Go to="/duties" query={{ ...where, area: undefined, tab: 'all' }}>
          全部义务
        </Go>
      }
    >
      <Shown query={board}>
        {(answer) => <SubtractionBar of={answer.total} behind={{ ...where, area: undefined, year: answer.year }} />}
      </Shown>
      <Shown query={duties} what="义务">
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty>没有待办的义务。</Empty>
          ) : (
            <Ledger
              label="应办的事"
              rows={rows}
              columns={[label, estate ? bearer : subject, period, due, state, clauses, act]}
              keyOf={(one) => one.id}
              overdue={(one) => one.standing === 'overdue'}
            />
          )
        }
      </Shown>
    </Section>
  );
}
