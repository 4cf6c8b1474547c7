/** The forms of the simple registers: registering, changing from a day on, correcting, ending. */
import { Form, Input, InputNumber, Radio, Select } from 'antd';
import { useState } from 'react';
import { listAreas } from '../../registers/areas/contract.ts';
import { type Entry, type EntryField, type EntryKind, entryContracts } from '../../registers/entries/contract.ts';
import { listEstates, showEstate } from '../../registers/estates/contract.ts';
import { listOrganisations } from '../../registers/organisations/contract.ts';
import { Choice, useSearch } from '../shared/choice.tsx';
import { DayField } from '../shared/day-field.tsx';
import { useArea, useMe } from '../shared/session.tsx';
import { useAct, useAsk } from '../shared/use-ask.ts';
import { useUrl } from '../shared/use-url.ts';
import { options } from '../shared/words.tsx';
import { FormDialog } from './form-dialog.tsx';

export type EntryAct = 'add' | 'change' | 'correct';
type Fields = Record<string, unknown>;

const words = {
  add: { verb: '登记', say: '' },
  change: { verb: '变更', say: '自变更之日起按新的算；此前的照旧留在历史里。' },
  correct: { verb: '更正', say: '当初就登记错了的才更正；后来有变化的，请办理变更。' },
} as const;

export function EntryForm({
  kind,
  act,
  entry,
  onClose,
}: {
  kind: EntryKind;
  act: EntryAct;
  entry?: Entry;
  onClose: () => void;
}) {
  const contracts = entryContracts[kind.code]!;
  const send = useAct(contracts[act]);
  const estate = useUrl().number('estate');
  const { verb, say } = words[act];
  return (
    <FormDialog<Fields>
      title={`${verb}${kind.one}${entry ? `：${entry.title}` : ''}`}
      open
      onClose={onClose}
      okText={verb}
      draft={`entry-${kind.code}-${act}-${entry?.id ?? estate ?? ''}`}
      initial={entry ? filledFrom(kind, act, entry) : { ...(estate !== undefined && { estate: String(estate) }) }}
      act={(fields) => send.mutateAsync({ input: inputOf(kind, fields, entry) as never })}
      busy={send.isPending}
      error={send.error}
    >
      {say && <p>{say}</p>}
      {!entry && <PlaceFields kind={kind} />}
      {kind.fields.map((field) => (
        <Form.Item
          key={field.key}
          name={field.key}
          label={`${field.label}${field.kind === 'area' ? '（㎡）' : ''}${field.required ? '' : '（可不填）'}`}
          rules={field.required ? [{ required: true, message: `请填写${field.label}` }] : []}
          {...(field.hint && { extra: field.hint })}
        >
          <FieldInput field={field} entry={entry} fixed={Boolean(entry) && kind.place === 'bodies'} />
        </Form.Item>
      ))}
      {kind.estates && act !== 'correct' && (
        <Form.Item
          name="estates"
          label={kind.estates.label}
          rules={kind.estates.least > 0 ? [{ required: true, message: `请选择${kind.estates.label}` }] : []}
        >
          <EstatesField entry={entry} label={kind.estates.label} />
        </Form.Item>
      )}
      <Form.Item
        name="fromOn"
        label={act === 'change' ? '变更之日' : '自何日起（不知道的不填）'}
        rules={act === 'change' ? [{ required: true, message: '请填写日期，如 2026-03-31' }] : []}
      >
        <DayField />
      </Form.Item>
      {act !== 'change' && (
        <Form.Item name="toOn" label="至何日止（还在的不填）">
          <DayField />
        </Form.Item>
      )}
      <Form.Item name="document" label="依据（可不填）">
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      {act === 'correct' && (
        <Form.Item
          name="reason"
          label="更正的理由"
          rules={[{ required: true, min: 4, message: '请写明理由，至少 4 个字' }]}
        >
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
      )}
    </FormDialog>
  );
}

export function EndEntry({ kind, entry, onClose }: { kind: EntryKind; entry: Entry; onClose: () => void }) {
  const send = useAct(entryContracts[kind.code]!.end);
  const { today } = useMe().deployment;
  return (
    <FormDialog<{ toOn: string; reason: string }>
      title={`终止${kind.one}：${entry.title}`}
      open
      onClose={onClose}
      okText="终止"
      draft={`entry-${kind.code}-end-${entry.id}`}
      initial={{ toOn: today }}
      act={(fields) => send.mutateAsync({ input: { id: entry.id, ...fields } })}
      busy={send.isPending}
      error={send.error}
    >
      <p>自这一天起不再是现行的，历史里还在。登记错了、从来没有过的，终止于起始当天。</p>
      <Form.Item name="toOn" label="终止之日" rules={[{ required: true, message: '请填写日期，如 2026-03-31' }]}>
        <DayField />
      </Form.Item>
      <Form.Item name="reason" label="理由" rules={[{ required: true, min: 4, message: '请写明理由，至少 4 个字' }]}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  );
}

// ── Fields

function PlaceFields({ kind }: { kind: EntryKind }) {
  if (kind.place === 'bodies') return null;
  return kind.place === 'estate' ? (
    <Form.Item name="estate" label="小区" rules={[{ required: true, message: '请选择小区' }]}>
      <EstateField />
    </Form.Item>
  ) : (
    <Form.Item
      name="area"
      label={kind.place === 'community' ? '社区' : '社区、街道或区'}
      rules={[{ required: true, message: '请选择所在' }]}
    >
      <AreaField communities={kind.place === 'community'} />
    </Form.Item>
  );
}

/** As antd's form hands it down. */
interface Filled<T = string> {
  id?: string;
  value?: T;
  onChange?: (value: T | undefined) => void;
}

/** The form hands down value and onChange of whatever kind; only the id is named here. */
function FieldInput({
  field,
  entry,
  fixed,
  ...given
}: {
  field: EntryField;
  entry: Entry | undefined;
  fixed: boolean;
  id?: string;
}) {
  switch (field.kind) {
    case 'choice':
      return (
        <Select
          {...given}
          aria-label={field.label}
          allowClear={!field.required}
          placeholder={`选择${field.label}`}
          options={options(field.choices ?? {})}
        />
      );
    case 'yesNo':
      return (
        <Radio.Group
          {...given}
          options={[
            { value: true, label: '是' },
            { value: false, label: '否' },
          ]}
        />
      );
    case 'integer':
      return <InputNumber {...given} min={1} max={100_000} precision={0} />;
    case 'date':
      return <DayField {...given} />;
    case 'organisation':
      return <OrganisationField label={field.label} known={namedIn(entry, field)} disabled={fixed} {...given} />;
    case 'building':
      return <BuildingField label={field.label} entry={entry} {...given} />;
    case 'grid':
      return <GridField label={field.label} entry={entry} {...given} />;
    default:
      return <Input {...given} maxLength={field.maxLength ?? 100} autoComplete="off" />;
  }
}

type Known = { id: number; name: string } | null;
const namedIn = (entry: Entry | undefined, field: EntryField) => (entry?.[field.key] as Known | undefined) ?? null;

/** What is chosen already is offered even where the search does not find it. */
function withKnown(choices: { value: string; label: string }[], known: Known) {
  return known && !choices.some((one) => one.value === String(known.id))
    ? [{ value: String(known.id), label: known.name }, ...choices]
    : choices;
}

function OrganisationField({
  label,
  known,
  disabled,
  id,
  value,
  onChange,
}: { label: string; known: Known; disabled: boolean } & Filled) {
  const search = useSearch();
  const query = useAsk(listOrganisations, { search: search.text, limit: 50 }, { keep: true });
  if (disabled) return <Input {...(id && { id })} value={known?.name ?? ''} disabled />;
  const found = (query.data?.rows ?? []).map((one) => ({ value: String(one.id), label: one.name }));
  return (
    <Choice
      {...(id && { id })}
      label={label}
      value={value}
      placeholder="输入单位名称"
      choices={withKnown(found, search.text ? null : known)}
      onChange={(next) => onChange?.(next)}
      search={search.after(query)}
      loading={query.isFetching}
    />
  );
}

function EstateField({ id, value, onChange }: Filled) {
  const search = useSearch();
  const query = useAsk(listEstates, { area: useArea(), search: search.text, limit: 50 }, { keep: true });
  const chosen = useAsk(showEstate, { id: Number(value) }, { enabled: value !== undefined });
  const found = (query.data?.rows ?? []).map((one) => ({
    value: String(one.id),
    label: `${one.name}（${one.communityName}）`,
  }));
  return (
    <Choice
      {...(id && { id })}
      label="小区"
      value={value}
      placeholder="输入小区名称"
      choices={withKnown(found, chosen.data && !search.text ? { id: chosen.data.id, name: chosen.data.name } : null)}
      onChange={(next) => onChange?.(next)}
      search={search.after(query)}
      loading={query.isFetching}
    />
  );
}

function EstatesField({
  id,
  value = [],
  onChange,
  entry,
  label,
}: { entry: Entry | undefined; label: string } & Filled<string[]>) {
  const [typed, setTyped] = useState('');
  const query = useAsk(listEstates, { area: useArea(), search: typed.trim() || undefined, limit: 50 }, { keep: true });
  const [names, setNames] = useState(() => new Map((entry?.estates ?? []).map((one) => [String(one.id), one.name])));
  const found = (query.data?.rows ?? []).map((one) => [String(one.id), `${one.name}（${one.communityName}）`] as const);
  const all = new Map([...names, ...found]);
  return (
    <Select
      {...(id && { id })}
      mode="multiple"
      aria-label={label}
      placeholder="输入小区名称，可选多个"
      value={value}
      showSearch={{ onSearch: setTyped, filterOption: false, searchValue: typed }}
      notFoundContent={query.isFetching ? '正在查找…' : '没有找到'}
      options={[...all]
        .filter(([key]) => value.includes(key) || found.some(([other]) => other === key))
        .map(([key, name]) => ({ value: key, label: name }))}
      onChange={(next: string[]) => {
        setNames(all);
        setTyped('');
        onChange?.(next);
      }}
    />
  );
}

function AreaField({ id, value, onChange, communities }: { communities: boolean } & Filled) {
  const search = useSearch();
  const level = communities ? ('community' as const) : undefined;
  const query = useAsk(listAreas, { area: useArea(), level, search: search.text, limit: 100 }, { keep: true });
  const levels = ['district', 'subdistrict', 'community'];
  return (
    <Choice
      {...(id && { id })}
      label={communities ? '社区' : '所在'}
      value={value}
      placeholder="输入名称"
      choices={(query.data?.rows ?? [])
        .filter((one) => levels.includes(one.level))
        .map((one) => ({ value: one.code, label: one.parentName ? `${one.name}（${one.parentName}）` : one.name }))}
      onChange={(next) => onChange?.(next)}
      search={search.after(query)}
      loading={query.isFetching}
    />
  );
}

/** The buildings of the estate chosen above. */
function BuildingField({ id, value, onChange, label, entry }: { label: string; entry: Entry | undefined } & Filled) {
  const chosen = Form.useWatch('estate') as string | undefined;
  const estate = entry?.estate?.id ?? Number(chosen ?? Number.NaN);
  const query = useAsk(showEstate, { id: estate }, { enabled: Number.isFinite(estate) });
  return (
    <Choice
      {...(id && { id })}
      label={label}
      value={value}
      placeholder={Number.isFinite(estate) ? `选择${label}` : '先选小区'}
      choices={(query.data?.buildings ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
      onChange={(next) => onChange?.(next)}
      loading={query.isFetching}
    />
  );
}

/** The grids of the community chosen above. */
function GridField({ id, value, onChange, label, entry }: { label: string; entry: Entry | undefined } & Filled) {
  const area = (Form.useWatch('area') as string | undefined) ?? entry?.areaCode;
  const query = useAsk(entryContracts.grids!.list, { area, limit: 100 }, { enabled: area !== undefined });
  return (
    <Choice
      {...(id && { id })}
      label={label}
      value={value}
      placeholder={area ? `选择${label}` : '先选社区'}
      choices={((query.data?.rows ?? []) as Entry[]).map((one) => ({ value: String(one.id), label: one.title }))}
      onChange={(next) => onChange?.(next)}
      loading={query.isFetching}
    />
  );
}

// ── Between the form and the contract

function filledFrom(kind: EntryKind, act: EntryAct, entry: Entry): Fields {
  return {
    ...Object.fromEntries(kind.fields.map((field) => [field.key, writtenAs(field, entry[field.key])])),
    ...(kind.estates && { estates: entry.estates.map((one) => String(one.id)) }),
    ...(act === 'correct' && {
      fromOn: entry.fromOn ?? undefined,
      toOn: entry.toOn ?? undefined,
      document: entry.document ?? undefined,
    }),
  };
}

/** As a form shows it; nothing where nothing is known. */
function writtenAs(field: EntryField, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (field.kind === 'area')
    return `${String(value).padStart(3, '0').slice(0, -2)}.${String(value).padStart(3, '0').slice(-2)}`;
  return typeof value === 'object' ? String((value as { id: number }).id) : value;
}

function inputOf(kind: EntryKind, fields: Fields, entry: Entry | undefined): Fields {
  const { estate, estates, ...rest } = fields;
  const numbers = kind.fields.filter((field) => ['organisation', 'building', 'grid'].includes(field.kind));
  return {
    ...rest,
    ...(entry && { id: entry.id }),
    ...(estate !== undefined && { estate: Number(estate) }),
    ...(Array.isArray(estates) && { estates: estates.map(Number) }),
    ...Object.fromEntries(numbers.map(({ key }) => [key, rest[key] === undefined ? undefined : Number(rest[key])])),
    ...Object.fromEntries(
      kind.fields.filter((field) => field.kind === 'area').map(({ key }) => [key, centi(rest[key])]),
    ),
  };
}

/** 52,000.05 square metres as hundredths; what is none goes as it stands, for the server to say so. */
function centi(value: unknown): unknown {
  const match = /^([\d,]+)(?:\.(\d{1,2}))?$/.exec(String(value ?? '').trim());
  return match ? `${match[1]!.replaceAll(',', '')}${(match[2] ?? '').padEnd(2, '0')}`.replace(/^0+/, '') : value;
}
