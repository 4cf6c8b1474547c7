import { listEstates } from '../../registers/estates/contract.ts';
import { Choice, useSearch } from '../shared/choice.tsx';
import { useArea } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';

/** An estate of the area looked at, found by its name; a field of a form. */
export function EstateField({ id, value, onChange }: { id?: string; value?: string; onChange?: (id: string) => void }) {
  const area = useArea();
  const search = useSearch();
  const query = useAsk(listEstates, { area, search: search.text, limit: 50 }, { keep: true });
  return (
    <Choice
      {...(id && { id })}
      label="小区"
      value={value}
      placeholder="输入小区名称"
      choices={(query.data?.rows ?? []).map((one) => ({
        value: String(one.id),
        label: `${one.name}（${one.communityName}）`,
      }))}
      onChange={(next) => onChange?.(next)}
      search={search.after(query)}
      loading={query.isFetching}
    />
  );
}
