/** The plain data of one invented jurisdiction: what the generator gives and the loader writes. Nothing in it is real. */
import type { LocalDate } from '../../kernel/local-date.ts';
import type { NewArea } from '../../registers/areas/index.ts';
import type { NewCommittee, NewEstate, NewProject } from '../../registers/estates/index.ts';
import type {
  NewCompany,
  NewInstructor,
  NewOrganisation,
  NewPartyArrangement,
} from '../../registers/organisations/index.ts';
import type { NewPost } from '../../registers/people/index.ts';

/** Bodies and estates refer to each other by their place in these lists, because ids are given by the database. */
export interface Roster {
  /** The district's code; the roster's name in the journal. */
  district: string;
  /** The day from which the district's duties count. */
  enrolledOn: LocalDate;
  bindings: readonly { areaCode: string; packId: string }[];
  areas: readonly NewArea[];
  /** Offices and party bodies; `estate` for those that stand in an estate. */
  bodies: readonly (Omit<NewOrganisation, 'scope'> & { estate?: number })[];
  companies: readonly InventedCompany[];
  estates: readonly InventedEstate[];
  projects: readonly (Omit<NewProject, 'estateId' | 'companyId'> & {
    estate: number;
    company: number | null;
    instructor?: string;
  })[];
  committees: readonly (Omit<NewCommittee, 'estateId'> & {
    estate: number;
    members: readonly { name: string; title: 'director' | 'deputy-director' | 'member' }[];
  })[];
  people: readonly InventedPerson[];
  /** Posts of owners, told by their estate and their place among its owners. */
  ownerPosts: readonly { estate: number; owner: number; posts: readonly InventedPost[] }[];
  signIns: readonly InventedSignIn[];
}

export interface InventedCompany {
  organisation: Omit<NewOrganisation, 'scope'>;
  company: Omit<NewCompany, 'organisationId' | 'scope'>;
  arrangements: readonly Omit<NewPartyArrangement, 'companyId' | 'scope'>[];
  instructors: readonly Omit<NewInstructor, 'companyId' | 'scope' | 'projectId'>[];
}

export interface InventedEstate {
  estate: NewEstate;
  /** From which `unitsOf` makes the units and their owners, as often as asked. */
  plan: UnitPlan;
}

export interface UnitPlan {
  key: string;
  units: number;
  floors: number;
  perFloor: number;
  /** Of a hundred units. */
  parking: number;
  shops: number;
  builtIn: number;
  /** The latest day on which a unit can have been bought. */
  until: LocalDate;
  /** Names of the first owners, where the story needs them. */
  firstOwners: readonly string[];
  /** How many of the first owners left a phone number. */
  phones: number;
}

export type BodyPlace = { body: number } | { company: number } | { committee: number };

export type InventedPost = Pick<NewPost, 'role' | 'fromOn'> & { at: BodyPlace | null };

export interface InventedPerson {
  name: string;
  scope: string;
  phone?: string;
  posts: readonly InventedPost[];
}

export interface InventedSignIn {
  /** The part, in Chinese. */
  role: string;
  account: string;
  person: string;
}
