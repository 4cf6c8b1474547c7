import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { isLocalDate } from '../../kernel/local-date.ts';

interface DayProps {
  id?: string;
  /** Where no label of a form stands beside it. */
  label?: string;
  value?: string;
  onChange?: (day: string) => void;
}

/** A day as people type it: 2026-11-22, 20261122, 2026.11.22, 2026年11月22日. What is no day stays as typed, for the form to say so. */
export function DayField({ id, label, value = '', onChange }: DayProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const settle = () => onChange?.(dayIn(typed) ?? typed.trim());
  return (
    <Input
      {...(id && { id })}
      aria-label={label}
      placeholder={label ?? '如 2026-03-31'}
      className="day-field"
      inputMode="numeric"
      autoComplete="off"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={settle}
      onPressEnter={settle}
    />
  );
}

function dayIn(typed: string): string | undefined {
  const match = /^(\d{4})(?:(\d{2})(\d{2})|\D(\d{1,2})\D(\d{1,2})\D?)$/.exec(typed.normalize('NFKC').trim());
  if (!match) return undefined;
  const [, year, month = match[4], day = match[5]] = match;
  const text = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
  return isLocalDate(text) ? text : undefined;
}
