/** One row of a roster filled in field by field: what stands here is sent, checked, written and taken back as a row that was pasted. */
import { Form, Input } from 'antd';
import type { RosterFields } from '../../registers/rosters/contract.ts';
import { Choice } from '../shared/choice.tsx';
import { DayField } from '../shared/day-field.tsx';
import { RecordForm } from '../shared/record-form.tsx';
import { useMe } from '../shared/session.tsx';

type Field = RosterFields[number];
type Row = Record<string, string | undefined>;

export function RowForm({
  of,
  act,
  busy,
  error,
}: {
  of: { label: string; fields: RosterFields };
  act: (row: string) => Promise<unknown>;
  busy: boolean;
  error: Error | null;
}) {
  const { level, areaName } = useMe().post;
  // Whose post lies in a street or a community need not say where; the roster does not ask it of them either.
  const own: Row =
    level === 'subdistrict' ? { street: areaName } : level === 'community' ? { community: areaName } : {};
  const isNeeded = ({ key, required }: Field) => required && !(key === 'street' && level === 'community');
  return (
    <RecordForm<Row>
      initial={own}
      act={(row) => act(asPasted(of.fields, row))}
      error={error}
      busy={busy}
      okText="填好了，去检查"
    >
      <p className="note">已经登记的，名称相同就是更正：只写要改的各项，没有写的不变。要清空一项，写“清空”。</p>
      {of.fields.map((field) => (
        <Form.Item
          key={field.key}
          name={field.key}
          label={isNeeded(field) ? field.label : `${field.label}（可不填）`}
          extra={field.hint}
          rules={isNeeded(field) ? [{ required: true, whitespace: true, message: `请填写${field.label}` }] : []}
        >
          <Cell of={field} />
        </Form.Item>
      ))}
    </RecordForm>
  );
}

interface CellProps {
  of: Field;
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}

function Cell({ of, id, value, onChange }: CellProps) {
  const given = { ...(id && { id }), ...(value !== undefined && { value }) };
  if (of.choices.length > 0)
    return (
      <Choice
        {...(id && { id })}
        label={of.label}
        value={value}
        choices={of.choices.map((one) => ({ value: one, label: one }))}
        onChange={(next) => onChange?.(next)}
      />
    );
  if (of.isDate) return <DayField {...given} onChange={(next) => onChange?.(next)} />;
  return <Input {...given} autoComplete="off" maxLength={2_000} onChange={(event) => onChange?.(event.target.value)} />;
}

/** A header and a row as a spreadsheet puts them on the clipboard; what is not filled in says nothing. */
function asPasted(fields: RosterFields, row: Row): string {
  const filled = fields.flatMap(({ key, label }) => {
    const value = row[key]?.trim();
    return value ? [{ label, value }] : [];
  });
  const line = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join('\t');
  return `${line(filled.map(({ label }) => label))}\n${line(filled.map(({ value }) => value))}`;
}
