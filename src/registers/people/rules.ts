/** Judgements about posts. Pure. */
import { divisionRange } from '../../kernel/identifiers.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';

/** Bodies that see by estate, not by administrative range. */
const bodies: readonly string[] = [
  'property-company',
  'company-party-organisation',
  'owners-committee',
  'management-committee',
];

/** What each of the three administrators acts as. */
const administrators = {
  administrator: 'system',
  'security-administrator': 'security',
  'audit-administrator': 'audit',
} as const;

/** Which of the database's standings a post acts with. */
export function standingOf(post: {
  role: string;
  organisationKind: string;
}): 'office' | 'body' | 'resident' | 'system' | 'security' | 'audit' {
  if (post.role === 'owner') return 'resident';
  if (post.role in administrators) return administrators[post.role as keyof typeof administrators];
  return bodies.includes(post.organisationKind) ? 'body' : 'office';
}

/** The offices that look into every estate of a district, and whoever runs or reads the whole, give more than a password (等保三级). */
export function demandsSecondFactor(
  posts: readonly { role: string; organisationKind: string; level: string | null }[],
): boolean {
  return posts.some(
    (post) =>
      post.role in administrators ||
      (standingOf(post) === 'office' && ['province', 'city', 'district'].includes(post.level ?? '')),
  );
}

/** Why a person cannot hold this role beside those held, or deputised for, at the same time (三员分立). */
export function refusalsOfRole(role: string, held: readonly string[]): Refusal[] {
  const other = role in administrators && held.find((one) => one in administrators && one !== role);
  return other
    ? [refusal(`这个人已经是${general[other]}：系统、安全、审计三个管理员不能由同一人担任或代理`, { field: 'role' })]
    : [];
}

export interface Term {
  fromOn: string;
  toOn?: string | null | undefined;
}

/** Whether two terms share a day; the last day of a term is no longer of it. */
export function overlap(one: Term, other: Term): boolean {
  return (other.toOn == null || one.fromOn < other.toOn) && (one.toOn == null || other.fromOn < one.toOn);
}

/** Why somebody already known cannot be given one more post; `held` are all their posts and those they deputise for, of whatever time. */
export function refusalsOfFurtherPost(
  asked: Term & { role: string; organisationId: number },
  held: readonly (Term & { role: string; organisationId: number | null })[],
): Refusal[] {
  const refusals: Refusal[] = [];
  if (asked.toOn != null && asked.toOn <= asked.fromOn)
    refusals.push(refusal('离任日期须晚于任职日期', { field: 'toOn' }));
  const meanwhile = held.filter((one) => overlap(asked, one));
  const same = meanwhile.find((one) => one.role === asked.role && one.organisationId === asked.organisationId);
  if (same) refusals.push(refusal(`这个人自 ${same.fromOn} 起已在这个单位任${general[asked.role]}`, { field: 'role' }));
  return [
    ...refusals,
    ...refusalsOfRole(
      asked.role,
      meanwhile.map((one) => one.role),
    ),
  ];
}

/** Why a post cannot end on a day: it only ever ends earlier than it would have. */
export function refusalsOfEnd(post: Term, toOn: string, today: string): Refusal[] {
  if (post.toOn != null && post.toOn <= today) return [refusal(`这项任职已于 ${post.toOn} 结束`)];
  if (toOn < post.fromOn) return [refusal(`离任日期不能早于任职日期 ${post.fromOn}`, { field: 'toOn' })];
  if (post.toOn != null && toOn > post.toOn)
    return [refusal(`这项任职的任期到 ${post.toOn} 为止，不能更晚；延长的请另增任职`, { field: 'toOn' })];
  return [];
}

/** Nobody decides about their own posts. */
export function refusalsOfOwn(by: number, about: number): Refusal[] {
  return by === about ? [refusal('不能办理自己的任职，请由另一位安全管理员办理')] : [];
}

/** Why somebody is refused what they must keep out of; undefined when nothing bars them. */
export function refusalOfBar(
  bars: readonly {
    id: number;
    estateId: number | null;
    companyId: number | null;
    label: string;
    reason: string;
    toOn: string | null;
  }[],
  subject: { estateId?: number; organisationId?: number },
): Refusal | undefined {
  const bar = bars.find(
    (one) =>
      (one.estateId !== null && one.estateId === subject.estateId) ||
      (one.companyId !== null && one.companyId === subject.organisationId),
  );
  if (!bar) return undefined;
  const until = bar.toOn ? `至 ${bar.toOn}` : '直至解除';
  return refusal(`您须回避${bar.label}（${bar.reason}），${until}。有异议请在“我的回避”提出。`);
}

/** What an office sees: the codes below its own area; an office without an area sees nothing. */
export function rangeOf(areaCode: string | null): { lo: string; hi: string } | null {
  return areaCode === null ? null : divisionRange(areaCode);
}

/** How a post is called in its organisation: a bureau has a 局长, a committee a 主任, a company a 项目负责人. */
export function titleOf(role: string, organisationKind: string): string {
  const particular: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    head: {
      'housing-bureau': '局长',
      'civil-affairs-bureau': '局长',
      'market-supervision': '局长',
      'urban-management': '局长',
      'finance-bureau': '局长',
      'organisation-department': '部长',
      'subdistrict-office': '主任',
      'residents-committee': '主任',
      'property-company': '总经理',
      'property-association': '会长',
    },
    officer: { 'subdistrict-office': '物业专员', 'residents-committee': '工作者', 'property-company': '工作人员' },
    manager: { 'property-company': '项目经理' },
  };
  return particular[role]?.[organisationKind] ?? general[role] ?? role;
}

const general: Readonly<Record<string, string>> = {
  head: '负责人',
  officer: '工作人员',
  secretary: '书记',
  director: '主任',
  member: '委员',
  manager: '经理',
  owner: '业主',
  administrator: '系统管理员',
  'security-administrator': '安全管理员',
  'audit-administrator': '审计管理员',
};

/** No regulation sets it: long enough that guessing is hopeless, without rules about what must be in it. */
export const shortestPassword = 10;

/** Why a password cannot be changed to the new one. */
export function refusalsOfPassword(given: { known: boolean; current: string; next: string }): Refusal[] {
  const refusals: Refusal[] = [];
  if (!given.known) refusals.push(refusal('现在的密码不对', { field: 'current' }));
  if ([...given.next].length < shortestPassword)
    refusals.push(refusal(`新密码至少 ${shortestPassword} 个字`, { field: 'next' }));
  if (given.next === given.current) refusals.push(refusal('新密码和现在的一样', { field: 'next' }));
  return refusals;
}
