import {
  effects,
  exportRequirements,
  forces,
  groups,
  listRequirements,
  ranks,
  requirementKinds,
  statuses,
} from '../../registers/requirements/contract.ts';
import { ExportButton } from '../shared/export-button.tsx';
import { ClauseChips, Go } from '../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../shared/ledger.tsx';
import { Section } from '../shared/page.tsx';
import { Parameter, Sureness } from '../shared/parameter.tsx';
import { State } from '../shared/states.tsx';
import { useUrl } from '../shared/use-url.ts';
import { labelIn, options } from '../shared/words.tsx';

/** Every requirement in force in an area, from all the packs that stack there. */
export function RequirementsHere({ code }: { code: string }) {
  const url = useUrl();
  const filter = {
    code,
    kind: url.one('kind', Object.keys(requirementKinds) as (keyof typeof requirementKinds)[]),
    group: url.text('group'),
    search: url.text('search'),
  };
  const query = useList(listRequirements, filter, url);
  return (
    <Section title="这里适用的要求" actions={<ExportButton of={exportRequirements} input={filter} />}>
      {query.data && query.data.packs.length > 0 && (
        <p className="note">
          自上而下：
          {query.data.packs
            .map(({ label, note }) => (note ? `${label}（${note.replace(/。$/, '')}）` : label))
            .join('，')}
          。
        </p>
      )}
      <Filters url={url} names={['search', 'kind', 'group']}>
        <SearchField url={url} label="要求的名称" />
        <ChoiceField url={url} name="kind" label="种类" choices={options(requirementKinds)} />
        <ChoiceField url={url} name="group" label="分类" choices={options(groups)} />
      </Filters>
      <ListLedger
        label="适用的要求"
        query={query}
        url={url}
        keyOf={(one) => one.id}
        empty="没有符合条件的要求。"
        columns={[
          {
            title: '要求',
            name: true,
            width: '30%',
            show: (one) => (
              <>
                {one.kind === 'indicator' ? (
                  <Go to={`/indicators/${one.id}`}>{one.label}</Go>
                ) : one.kind === 'duty' ? (
                  <Go to="/duties" query={{ matter: one.key, tab: 'all' }}>
                    {one.label}
                  </Go>
                ) : (
                  <Parameter of={one} />
                )}{' '}
                {one.status !== 'in-force' && <State tone="outside">{`${labelIn(statuses, one.status)}·试算`}</State>}
                <Sureness of={one} />
                {one.note && <span className="sub">{one.note}</span>}
              </>
            ),
          },
          { title: '种类', show: (one) => requirementKinds[one.kind] },
          { title: '力度（位阶）', show: (one) => `${forces[one.force]}（${ranks[one.rank]}）` },
          { title: '效力', show: (one) => effects[one.effect] },
          { title: '出自', show: (one) => one.packLabel },
          { title: '依据', show: (one) => (one.clauses.length > 0 ? <ClauseChips ids={one.clauses} /> : one.source) },
        ]}
      />
    </Section>
  );
}
