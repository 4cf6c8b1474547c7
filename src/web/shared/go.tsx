import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { type Query, useAddress } from './session.tsx';

/** A link inside the console that keeps the area looked at. */
export function Go({
  to,
  query,
  className,
  children,
  label,
}: {
  to: string;
  query?: Query;
  className?: string;
  children: ReactNode;
  label?: string;
}) {
  const address = useAddress();
  return (
    <Link to={address(to, query)} className={className} aria-label={label}>
      {children}
    </Link>
  );
}

/** A clause as it is cited; it opens on a tap. */
export function ClauseChip({ id }: { id: string }) {
  return (
    <Go to={`/clauses/${encodeURIComponent(id)}`} className="clause-chip" label={`条款 ${id}`}>
      {id}
    </Go>
  );
}

export function ClauseChips({ ids }: { ids: readonly string[] }) {
  return (
    <span className="clause-chips">
      {ids.map((id) => (
        <ClauseChip key={id} id={id} />
      ))}
    </span>
  );
}
