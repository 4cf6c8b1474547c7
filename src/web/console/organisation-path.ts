import type { OrganisationKind } from '../../registers/organisations/contract.ts';

/** The page of a body; a company and a committee have one of their own. */
export function organisationPath({ id, kind }: { id: number; kind: OrganisationKind }): string {
  if (kind === 'property-company') return `/companies/${id}`;
  if (kind === 'owners-committee' || kind === 'management-committee') return `/committees/${id}`;
  return `/organisations/${id}`;
}
