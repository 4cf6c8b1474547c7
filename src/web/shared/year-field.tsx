import { Select } from 'antd';
import { useMe } from './session.tsx';
import type { Url } from './use-url.ts';

/** The year looked at, kept in the address: this one unless another is chosen; with `any`, all of them. */
export function YearField({ url, any = false }: { url: Url; any?: boolean }) {
  const thisYear = Number(useMe().deployment.today.slice(0, 4));
  const years = [thisYear + 1, thisYear, thisYear - 1, thisYear - 2];
  const chosen = url.text('year');
  return (
    <>
      <Select
        className="choice-field"
        aria-label="年份"
        value={url.text('year') ?? (any ? '' : String(thisYear))}
        onChange={(value) => url.change({ year: !any && value === String(thisYear) ? undefined : value })}
        options={[
          ...(any ? [{ value: '', label: '不限年份' }] : []),
          ...years.map((year) => ({ value: String(year), label: `${year} 年` })),
        ]}
      />
      {chosen && <span className="print-only">{`${chosen} 年`}</span>}
    </>
  );
}
