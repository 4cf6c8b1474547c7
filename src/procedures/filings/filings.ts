import type { LocalDate } from '../../kernel/local-date.ts';

/** A filing stands until it is withdrawn; nothing is ever edited. */
export type FilingState = 'filed' | 'withdrawn';

/** Who may act: the body that filed, or an office within whose range the subject lies. */
export type FilingRole = 'filer' | 'supervisor' | 'other';

export type FilingAct = 'attach' | 'withdraw';

/** A deed as it is about to be filed, with all that its judgement needs to know. */
export interface Deed {
  today: LocalDate;
  doneOn: LocalDate;
  /** The period asked for, if the matter has such a period. */
  period: { key: string; from: LocalDate | null } | undefined;
  /** Periods of the matter close to the day, to name in a refusal. */
  periodsNearby: readonly string[];
  /** Whether a filing for the same matter, subject and period stands already. */
  filedAlready: boolean;
  /** Whether the one who files bears the duty or supervises its place. */
  role: FilingRole;
}
