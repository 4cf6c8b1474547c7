import { pasteRoster } from '../../registers/rosters/contract.ts';
import { Go } from '../shared/go.tsx';
import { useMay } from '../shared/session.tsx';

/** To the form of a register: what is filled in there is a roster of one row. Shown to those who may. */
export function RegisterLink({ kind, what }: { kind: string; what: string }) {
  return useMay()(pasteRoster) ? (
    <Go to="/imports/new" query={{ kind, way: 'form' }}>
      登记或更正{what}
    </Go>
  ) : null;
}
