/** What was half filled in, kept in this browser for the person who wrote it, until it is sent, thrown away or a month old. */
import { useState } from 'react';
import { useMe } from './session.tsx';

type Fields = Record<string, unknown>;
interface Draft {
  at: string;
  fields: Fields;
}

/** Ours: what nobody came back to in a month is not wanted any more. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Computers are shared: what unlocks or identifies somebody is never left on one. */
const sensitiveName = /password|secret|code$|token|phone|identity/i;
const sensitiveValue = /(?<!\d)1\d{10}(?!\d)|\d{17}[\dx]/i;

export function keepable(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) =>
        ['string', 'number', 'boolean'].includes(typeof value) &&
        value !== '' &&
        !sensitiveName.test(name) &&
        !sensitiveValue.test(String(value).normalize('NFKC').replaceAll(/[\s-]/g, '')),
    ),
  );
}

/** The draft of one form about one thing; with no name nothing is kept. */
export function useDraft(name: string | undefined) {
  const { personId } = useMe();
  const key = name && `draft ${personId} ${name}`;
  const [found, setFound] = useState(() => (key === undefined ? undefined : read(key)));
  return {
    /** What was there when the form opened. */
    found,
    keep: (fields: Fields) => {
      if (key === undefined) return;
      const kept = keepable(fields);
      if (Object.keys(kept).length === 0) localStorage.removeItem(key);
      else write(key, { at: new Date().toISOString(), fields: kept });
    },
    drop: () => {
      setFound(undefined);
      if (key !== undefined) localStorage.removeItem(key);
    },
    taken: () => setFound(undefined),
  };
}

function read(key: string): Draft | undefined {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? 'null') as Draft | null;
    if (draft && Date.now() - Date.parse(draft.at) < KEPT_MS) return draft;
  } catch {
    // Not ours, or the browser keeps nothing.
  }
  return undefined;
}

function write(key: string, draft: Draft): void {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // A full or forbidden store: the form itself still holds what was typed.
  }
}
