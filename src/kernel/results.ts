/**
 * Answers that may be "no". A refusal is a value with a reason in Chinese and, where one exists, the clause behind it;
 * exceptions are kept for code that is itself wrong.
 */

/** Where a requirement is written: clause ids of the catalogue, or an article of a law. */
export type Source = { readonly clauses: readonly string[] } | { readonly text: string; readonly article: string };

export interface Refusal {
  readonly reason: string;
  readonly clause?: Source;
  /** The input field the reason is about, so that a form can show it in place. */
  readonly field?: string;
}

/** Allowed, or refused with ALL reasons: a person should never have to discover them one at a time. */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly refusals: readonly [Refusal, ...Refusal[]] };

export type Refused = Extract<Verdict, { allowed: false }>;

export const allowed: Verdict = { allowed: true };

export function refused(first: Refusal, ...others: readonly Refusal[]): Refused {
  return { allowed: false, refusals: [first, ...others] };
}

export function verdictOf(refusals: readonly Refusal[]): Verdict {
  const [first, ...others] = refusals;
  return first === undefined ? allowed : refused(first, ...others);
}

export function refusal(reason: string, about: { clause?: Source; field?: string } = {}): Refusal {
  return { reason, ...about };
}

/** Text that was read into a value, or the Chinese reason why it could not be. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T; readonly warning?: string }
  | { readonly ok: false; readonly reason: string };

export function read<T>(value: T, warning?: string): Parsed<T> {
  return warning === undefined ? { ok: true, value } : { ok: true, value, warning };
}

export function unread(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
