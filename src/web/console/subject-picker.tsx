import type { Filing } from '../../procedures/filings/contract.ts';
import { type AreaLevel, listAreas } from '../../registers/areas/contract.ts';
import { listCommittees, listEstates, listProjects } from '../../registers/estates/contract.ts';
import { listCompanies } from '../../registers/organisations/contract.ts';
import { Choice, useSearch } from '../shared/choice.tsx';
import { useArea } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';

interface PickerProps {
  kind: Filing['subjectKind'];
  value: string | undefined;
  onChange: (id: string) => void;
}

const levels: Partial<Record<Filing['subjectKind'], AreaLevel>> = {
  provinces: 'province',
  cities: 'city',
  districts: 'district',
  subdistricts: 'subdistrict',
  communities: 'community',
};

/** What a deed is about, found in the register that knows its kind. */
export function SubjectPicker({ kind, value, onChange }: PickerProps) {
  const area = useArea();
  const search = useSearch();
  const page = { area, search: search.text, limit: 50 };
  const areas = useAsk(
    listAreas,
    { ...page, level: levels[kind] },
    { enabled: levels[kind] !== undefined, keep: true },
  );
  const estates = useAsk(listEstates, page, { enabled: kind === 'estates', keep: true });
  const companies = useAsk(listCompanies, page, { enabled: kind === 'companies', keep: true });
  const projects = useAsk(listProjects, { ...page, inForce: 'yes' }, { enabled: kind === 'projects', keep: true });
  const committees = useAsk(
    listCommittees,
    { ...page, kind: kind === 'committees' ? 'owners' : 'management' },
    { enabled: kind === 'committees' || kind === 'managementCommittees', keep: true },
  );
  const choices = [
    ...(areas.data?.rows ?? []).map((one) => ({ value: one.code, label: one.name })),
    ...(estates.data?.rows ?? []).map((one) => ({
      value: String(one.id),
      label: `${one.name}（${one.communityName}）`,
    })),
    ...(companies.data?.rows ?? []).map((one) => ({ value: String(one.id), label: one.name })),
    ...(projects.data?.rows ?? []).map((one) => ({
      value: String(one.id),
      label: `${one.estateName}：${one.companyName ?? '无企业'}`,
    })),
    ...(committees.data?.rows ?? []).map((one) => ({ value: String(one.id), label: one.name })),
  ];
  const loading = [areas, estates, companies, projects, committees].some((one) => one.isFetching);
  return (
    <Choice
      id="subject"
      label="对象"
      value={value}
      choices={choices}
      onChange={onChange}
      search={search.after(areas, estates, companies, projects, committees)}
      loading={loading}
      placeholder="输入名称查找"
    />
  );
}
