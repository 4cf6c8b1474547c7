/** What the fields of an entry say, in words. */
import type { ReactNode } from 'react';
import { type Entry, type EntryField, entryPhases, isReference } from '../../registers/entries/contract.ts';
import { State } from '../shared/states.tsx';
import { count, Lasting, orMissing, squareMetres, yesNo } from '../shared/words.tsx';

export function shownField(field: EntryField, entry: Entry): ReactNode {
  const value = entry[field.key];
  if (field.mayBeNone && value === null) return '--';
  if (isReference(field.kind)) return orMissing(value as { name: string } | null, (one) => one.name);
  const say: Partial<Record<EntryField['kind'], (value: never) => ReactNode>> = {
    choice: (code: string) => field.choices?.[code] ?? code,
    yesNo,
    integer: count,
    area: squareMetres,
  };
  return orMissing(value, (say[field.kind] ?? String) as (value: unknown) => ReactNode);
}

export function PeriodOf({ of }: { of: Entry }) {
  return (
    <>
      <Lasting from={of.fromOn} to={of.toOn} />{' '}
      {of.phase !== 'in-force' && <State tone="calm">{entryPhases[of.phase]}</State>}
    </>
  );
}
