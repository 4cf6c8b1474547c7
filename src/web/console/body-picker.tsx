import { Form } from 'antd';
import { listOrganisations } from '../../registers/organisations/contract.ts';
import { Choice, useSearch } from '../shared/choice.tsx';
import { useArea, useMe } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';

/** The body that is to act, found by its name; one's own is not offered. A field of a form, `to`. `opened`: to be picked from at once. */
export function BodyPicker({ opened = false }: { opened?: boolean }) {
  return (
    <Form.Item name="to" label="承办单位" rules={[{ required: true, message: '请选择承办单位' }]}>
      <Bodies opened={opened} />
    </Form.Item>
  );
}

interface BodiesProps {
  id?: string;
  value?: number;
  onChange?: (id: number) => void;
  opened: boolean;
}

function Bodies({ id, value, onChange, opened }: BodiesProps) {
  const area = useArea();
  const { post } = useMe();
  const search = useSearch();
  const query = useAsk(listOrganisations, { area, search: search.text, limit: 50 }, { keep: true });
  const choices = (query.data?.rows ?? [])
    .filter((one) => one.id !== post.organisationId)
    .map((one) => ({ value: String(one.id), label: one.name }));
  return (
    <Choice
      {...(id && { id })}
      label="承办单位"
      value={value === undefined ? undefined : String(value)}
      placeholder="输入单位名称"
      choices={choices}
      onChange={(next) => onChange?.(Number(next))}
      search={search.after(query)}
      loading={query.isFetching}
      opened={opened}
    />
  );
}
