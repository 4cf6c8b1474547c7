import type { LocalDate } from '../../kernel/local-date.ts';
import type { DocumentStanding } from './contract.ts';

/** A document as an act on it is judged. */
export interface DocumentInHand {
  today: LocalDate;
  /** The sealed copy about to be added. */
  copy: {
    /** undefined: neither PDF nor picture. */
    media: string | undefined;
    documentNumber: string;
    issuedOn: LocalDate;
    draftedOn: LocalDate;
    /** It is the draft itself, or a copy that is there already. */
    known: boolean;
  } | null;
}

export type DocumentState = DocumentStanding;
export type DocumentRole = 'issuer' | 'other';
export type DocumentAct = 'draft' | 'seal' | 'withdraw';
