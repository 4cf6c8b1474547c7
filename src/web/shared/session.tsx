import { createContext, useContext } from 'react';
import { useSearchParams } from 'react-router';
import type { Contract, Standing } from '../../kernel/contract.ts';
import type { Me } from '../../registers/people/contract.ts';

const MeContext = createContext<Me | undefined>(undefined);
export const MeProvider = MeContext.Provider;

/** Who is signed in, in the post chosen. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe outside of the shell');
  return me;
}

const bodies = ['property-company', 'company-party-organisation', 'owners-committee', 'management-committee'];

const administrators: Readonly<Record<string, Standing>> = {
  administrator: 'system',
  'security-administrator': 'security',
  'audit-administrator': 'audit',
};

/** The standing the server will find; here it only decides what is offered. */
export function standingOf(post: Me['post']): Standing {
  if (post.role === 'owner') return 'resident';
  return administrators[post.role] ?? (bodies.includes(post.organisationKind) ? 'body' : 'office');
}

export function useMay(): (of: Pick<Contract, 'may'>) => boolean {
  const { post } = useMe();
  return (of) => of.may.some((one) => one === 'anyone' || one === 'signed-in' || one === standingOf(post));
}

/** The area looked at: the one in the address, otherwise an office's own. A body has none: it sees its estates wherever they lie. */
export function useArea(): string | undefined {
  const { post } = useMe();
  const [parameters] = useSearchParams();
  const own = ['body', 'resident'].includes(standingOf(post)) ? null : post.areaCode;
  return parameters.get('area') ?? own ?? undefined;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** Addresses inside the console: the area looked at goes along. */
export function useAddress(): (path: string, query?: Query) => string {
  const [parameters] = useSearchParams();
  const area = parameters.get('area') ?? undefined;
  return (path, query = {}) => addressTo(path, { area, ...query });
}

export function addressTo(path: string, query: Query): string {
  const [bare = '', own = ''] = path.split('?');
  const fields = Object.entries({ ...query, ...Object.fromEntries(new URLSearchParams(own)) }).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const text = new URLSearchParams(fields.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? bare : `${bare}?${text}`;
}
