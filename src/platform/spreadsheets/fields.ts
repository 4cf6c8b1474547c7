/** What a roster asks for, column by column: the one description from which matching, reading and templates follow. */

export type FieldKind =
  | 'text'
  | 'integer'
  | 'area'
  | 'money'
  | 'date'
  | 'yesNo'
  | 'choice'
  | 'uscc'
  | 'phone'
  | 'division'
  | 'percent';

export type Choice = { code: string; label: string; synonyms?: readonly string[] };

export type Field = {
  key: string;
  label: string;
  kind: FieldKind;
  required?: boolean;
  /** Other names under which senders know the column. */
  synonyms?: readonly string[];
  choices?: readonly Choice[];
  maxLength?: number;
  /** For the template: one line of help and one sample value. */
  hint?: string;
  example?: string;
};

/** What a title says about its numbers: 万平方米 moves the point by four digits, (%) makes 35 mean 35 %. */
export type Unit = { text: string; zeros: number; percent: boolean };
