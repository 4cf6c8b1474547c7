/** A workflow is a table; one small engine reads it. It answers allowed, or every refusal with its clause. */
import type { LocalDate } from '../kernel/local-date.ts';
import { type Refusal, refusal, type Source, type Verdict, verdictOf } from '../kernel/results.ts';

/** What a condition of a step may look at. Today is passed in. */
export interface Situation<Noun> {
  readonly noun: Noun;
  readonly on: LocalDate;
}

/** A condition: null when it is met. */
export type Check<Noun> = (situation: Situation<Noun>) => Refusal | null;

export interface Step<Noun, State extends string, Role extends string> {
  readonly label: string;
  /** null: the noun does not exist yet, and this act makes it. */
  readonly from: readonly (State | null)[];
  readonly to: State;
  readonly by: readonly Role[];
  readonly when?: readonly Check<Noun>[];
  readonly source?: Source;
}

export interface Procedure<Noun, State extends string, Role extends string, Act extends string> {
  readonly label: string;
  readonly states: Readonly<Record<State, string>>;
  readonly roles: Readonly<Record<Role, string>>;
  readonly steps: Readonly<Record<Act, Step<Noun, State, Role>>>;
}

export function judge<Noun, State extends string, Role extends string, Act extends string>(
  procedure: Procedure<Noun, State, Role, Act>,
  act: Act,
  { state, role, ...situation }: Situation<Noun> & { state: State | null; role: Role },
): Verdict {
  const step = procedure.steps[act];
  const clause = step.source;
  const refusals: Refusal[] = [];
  if (!step.from.includes(state)) {
    const now = state === null ? '尚未建立' : `“${procedure.states[state]}”`;
    refusals.push(refusal(`${procedure.label}${now}，不能${step.label}`, { clause }));
  }
  if (!step.by.includes(role)) {
    const by = step.by.map((one) => procedure.roles[one]).join('、');
    refusals.push(refusal(`${step.label}由${by}办理，${procedure.roles[role]}不能办理`, { clause }));
  }
  for (const check of step.when ?? []) {
    const found = check(situation);
    if (found) refusals.push(found.clause ? found : { ...found, clause });
  }
  return verdictOf(refusals);
}

/** Every state × act × role, as text that a test compares: '✓' where state and role allow the act. */
export function printGrid<Noun, State extends string, Role extends string, Act extends string>(
  procedure: Procedure<Noun, State, Role, Act>,
): string {
  const acts = keysOf(procedure.steps);
  const states: (State | null)[] = [null, ...keysOf(procedure.states)];
  const rows = states.flatMap((state) =>
    keysOf(procedure.roles).map((role) => [
      state === null ? '（尚无）' : procedure.states[state],
      procedure.roles[role],
      ...acts.map((act) => {
        const step = procedure.steps[act];
        return step.from.includes(state) && step.by.includes(role) ? '✓' : '·';
      }),
    ]),
  );
  const heading = ['状态', '身份', ...acts.map((act) => procedure.steps[act].label)];
  return [heading, heading.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The state picture, as Mermaid. */
export function printPicture<Noun, State extends string, Role extends string, Act extends string>(
  procedure: Procedure<Noun, State, Role, Act>,
): string {
  const names = keysOf(procedure.states).map(
    (state) => `  state "${procedure.states[state]}" as ${identifierOf(state)}`,
  );
  const arrows = keysOf(procedure.steps).flatMap((act) => {
    const { from, to, label, by } = procedure.steps[act];
    const roles = by.map((role) => procedure.roles[role]).join('、');
    return from.map(
      (state) => `  ${state === null ? '[*]' : identifierOf(state)} --> ${identifierOf(to)}: ${label}（${roles}）`,
    );
  });
  return ['stateDiagram-v2', ...names, ...arrows].join('\n');
}

function identifierOf(state: string): string {
  return state.replaceAll('-', '_');
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[];
}
