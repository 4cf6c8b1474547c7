import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';

interface ChoiceProps {
  id?: string;
  label: string;
  value: string | undefined;
  placeholder?: string;
  choices: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
  /** Set where the server searches: from `useSearch`. */
  search?: { onSearch: (text: string) => void; stale: boolean };
  loading?: boolean;
  /** Open from the first, for whoever came to choose. */
  opened?: boolean;
}

/** One of many: typed to narrow. What was found for an earlier text is not offered: whoever types and presses Enter quickly would take it. */
export function Choice({
  id,
  label,
  value,
  placeholder,
  choices,
  onChange,
  search,
  loading,
  opened = false,
}: ChoiceProps) {
  const busy = loading || search?.stale;
  return (
    <Select
      {...(id && { id })}
      className="choice"
      aria-label={label}
      value={value ?? null}
      placeholder={placeholder ?? `选择${label}`}
      loading={busy ?? false}
      autoFocus={opened}
      defaultOpen={opened}
      showSearch={search ? { onSearch: search.onSearch, filterOption: false } : { optionFilterProp: 'label' }}
      notFoundContent={busy ? '正在查找…' : '没有找到'}
      onInputKeyDown={(event) => {
        // With nothing to take, Enter would shut the list that is about to be filled.
        if (event.key === 'Enter' && search?.stale) event.stopPropagation();
      }}
      onChange={(next: string | null) => next !== null && onChange(next)}
      options={search?.stale ? [] : [...choices]}
    />
  );
}

/** A text that is typed, and the search that follows it; `after` tells a Choice whether the answers have caught up. */
export function useSearch() {
  const [typed, setTyped] = useState('');
  const wanted = typed.trim() || undefined;
  const text = useDeferredValue(wanted);
  const after = (...answers: { isPlaceholderData: boolean }[]) => ({
    onSearch: setTyped,
    stale: text !== wanted || answers.some((one) => one.isPlaceholderData),
  });
  return { text, after };
}
