import type { LocalDate } from '../../kernel/local-date.ts';

/** What the last step left: asked, an extension asked for, answered, closed, taken back. */
export type DirectiveState = 'open' | 'extension-asked' | 'answered' | 'closed' | 'withdrawn';

export type DirectiveRole = 'issuer' | 'recipient' | 'other';

export type DirectiveAct =
  | 'issue'
  | 'passOn'
  | 'reply'
  | 'askExtension'
  | 'extend'
  | 'decline'
  | 'return'
  | 'close'
  | 'withdraw';

/** A directive as an act on it is judged, with all the judgement needs to know. */
export interface DirectiveInHand {
  today: LocalDate;
  due: LocalDate;
  /** The day asked for or granted. */
  until: LocalDate | null;
  /** The day of the directive this one passes on; it binds the chain below it. */
  dueAbove: LocalDate | null;
  /** Directives passed on from this one that still stand. */
  openBelow: number;
  /** Whether the duty it asks for is done; null when it asks for none. */
  done: boolean | null;
}

/** Who acts on a directive: a person in a post of a body, with the range it supervises. */
export interface By {
  personId: number;
  post: { id: number; organisationId: number | null };
  actor: { lo?: string | undefined; hi?: string | undefined };
}
