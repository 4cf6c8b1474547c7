import { attributesOf, type Subject } from '../../law/conditions.ts';

/** Where the facts of each kind of subject are read; `only` narrows a function that answers for several kinds. */
export const facts: Readonly<Record<Subject, { readonly from: string; readonly only?: string }>> = {
  provinces: { from: 'registers.fact_areas', only: `level = 'province'` },
  cities: { from: 'registers.fact_areas', only: `level = 'city'` },
  districts: { from: 'registers.fact_areas', only: `level = 'district'` },
  subdistricts: { from: 'registers.fact_areas', only: `level = 'subdistrict'` },
  communities: { from: 'registers.fact_areas', only: `level = 'community'` },
  estates: { from: 'registers.fact_estates' },
  companies: { from: 'registers.fact_companies' },
  projects: { from: 'registers.fact_projects' },
  committees: { from: 'registers.fact_committees', only: `kind = 'owners'` },
  managementCommittees: { from: 'registers.fact_committees', only: `kind = 'management'` },
};

/** The column of an attribute: its name in snake case. Throws on a word outside the vocabulary, so nothing else reaches a statement. */
export function columnOf(subject: Subject, attribute: string): string {
  if (!Object.hasOwn(attributesOf(subject), attribute)) throw new Error(`${subject} has no attribute ${attribute}`);
  return attribute.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
