import { Select } from 'antd';

interface ChoiceProps {
  id?: string;
  label: string;
  value: string | undefined;
  placeholder?: string;
  choices: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
  /** Set where the server searches. */
  onSearch?: (text: string) => void;
  loading?: boolean;
}

/** One of many: typed to narrow. */
export function Choice({ id, label, value, placeholder, choices, onChange, onSearch, loading }: ChoiceProps) {
  return (
    <Select
      {...(id && { id })}
      className="choice"
      aria-label={label}
      value={value ?? null}
      placeholder={placeholder ?? `选择${label}`}
      loading={loading ?? false}
      showSearch={onSearch ? { onSearch, filterOption: false } : { optionFilterProp: 'label' }}
      notFoundContent={loading ? '正在查找…' : '没有找到'}
      onChange={(next: string | null) => next !== null && onChange(next)}
      options={[...choices]}
    />
  );
}
