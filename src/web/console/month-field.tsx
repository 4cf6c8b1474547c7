import { Button } from 'antd';
import { addMonths, labelOfPeriod, localDate, parsePeriod } from '../../kernel/local-date.ts';
import { useMe } from '../shared/session.tsx';
import type { Url } from '../shared/use-url.ts';

/** The month in the address, if it is one. */
export function monthIn(url: Url): string | undefined {
  const given = url.text('month');
  return given !== undefined && parsePeriod(given)?.rhythm === 'month' ? given : undefined;
}

/** The month looked at: this one unless another is in the address. */
export function useMonth(url: Url): string {
  const { today } = useMe().deployment;
  return monthIn(url) ?? today.slice(0, 7);
}

/** One month back, one ahead, and the way home. */
export function MonthField({ url }: { url: Url }) {
  const month = useMonth(url);
  const now = useMe().deployment.today.slice(0, 7);
  const turn = (by: number) => {
    const to = addMonths(localDate(`${month}-01`), by).slice(0, 7);
    url.change({ month: to === now ? undefined : to });
  };
  return (
    <span className="month-field">
      <Button onClick={() => turn(-1)}>上月</Button>
      {month !== now && <Button onClick={() => url.change({ month: undefined })}>本月</Button>}
      <Button onClick={() => turn(1)}>下月</Button>
      <span className="unseen" aria-live="polite">
        {labelOfPeriod(month)}
      </span>
    </span>
  );
}
