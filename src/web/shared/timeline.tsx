import type { ReactNode } from 'react';
import { Empty } from './feedback.tsx';

export interface Happening {
  on: string | null;
  what: ReactNode;
  /** Who did it, where somebody did. */
  who?: string;
  note?: ReactNode;
}

/** What happened, day by day, the latest first; what nobody knows the day of is not guessed into a place. */
export function Timeline({ of, empty }: { of: readonly Happening[]; empty: string }) {
  const dated = of.filter((one): one is Happening & { on: string } => one.on !== null);
  if (dated.length === 0) return <Empty>{empty}</Empty>;
  const sorted = dated.toSorted((a, b) => (a.on < b.on ? 1 : a.on > b.on ? -1 : 0));
  return (
    <ol className="timeline">
      {sorted.map((one, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two things of one day have no name of their own
        <li key={`${one.on} ${place}`}>
          <time dateTime={one.on}>{one.on}</time>
          <div>
            {one.who && <span className="note">{one.who}　</span>}
            {one.what}
            {one.note && <div className="note">{one.note}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
