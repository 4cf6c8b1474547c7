import { Button } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { issueLetter, type Letter, vouch } from '../../../registers/activations/contract.ts';
import {
  exportUnits,
  listUnits,
  showEstate,
  type Unit as UnitRow,
  unitKinds,
} from '../../../registers/estates/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useMay, useMe } from '../../shared/session.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, options, orMissing, squareMetres } from '../../shared/words.tsx';
import { LetterSheet } from '../letter.tsx';
import { OwnerAccounts, Vouch } from '../owner-account.tsx';
import { RegisterLink } from '../register-link.tsx';

export function Component() {
  const id = Number(useParams().id);
  const url = useUrl();
  const estate = useAsk(showEstate, { id });
  const filter = {
    id,
    building: url.number('building'),
    kind: url.one('kind', Object.keys(unitKinds) as (keyof typeof unitKinds)[]),
    search: url.text('search'),
  };
  const query = useList(listUnits, filter, url);
  const { post, deployment } = useMe();
  const may = useMay();
  const [opened, setOpened] = useState<{ id: number; label: string }>();
  const [letter, setLetter] = useState<Letter>();
  // Opening accounts is the work of those near the owners; the server says so too.
  const opens = may(issueLetter) && ['community', 'subdistrict'].includes(post.level ?? '');
  const vouches = may(vouch) && /committee$/.test(post.organisationKind);
  if (letter) return <LetterSheet of={letter} demo={deployment.mode === 'demo'} onDone={() => setLetter(undefined)} />;
  return (
    <Page
      title={`${estate.data?.name ?? ''}房屋`}
      state={query.data ? `${count(query.data.total)} 套` : unanswered(query)}
      lead={<Go to={`/estates/${id}`}>回到小区</Go>}
      actions={
        <>
          {(opens || vouches) && <Go to={`/estates/${id}/vouchers`}>业主担保</Go>}
          <RegisterLink kind="units" what="房屋和业主" />
          <ExportButton of={exportUnits} input={filter} list="房屋" />
        </>
      }
    >
      <Filters url={url} names={['search', 'building', 'kind']}>
        <SearchField url={url} label="房号" />
        <ChoiceField
          url={url}
          name="building"
          label="楼栋"
          choices={(estate.data?.buildings ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
        />
        <ChoiceField url={url} name="kind" label="用途" choices={options(unitKinds)} />
      </Filters>
      <ListLedger
        label="房屋"
        query={query}
        url={url}
        unit="套"
        keyOf={(one) => one.id}
        empty="没有登记房屋。义务、指标和报表不需要房屋清单；表决和维修资金才需要。"
        emptyAction={
          <Go to="/imports/new" query={{ kind: 'units' }}>
            导入房屋名册
          </Go>
        }
        columns={[
          {
            title: '房号',
            name: true,
            show: (one) => <Go to={`/units/${one.id}`}>{`${one.buildingName} ${one.name}`}</Go>,
          },
          { title: '用途', show: (one) => unitKinds[one.kind] },
          { title: '面积（㎡）', number: true, show: (one) => orMissing(one.areaCentiM2, squareMetres) },
          { title: '业主（人）', number: true, show: (one) => count(one.owners) },
          {
            title: '纠错',
            screenOnly: true,
            show: (one) => (
              <Go to={`/corrections/new?subject=unit:${one.id}`} label={`${one.buildingName} ${one.name}写得不对？`}>
                写得不对？
              </Go>
            ),
          },
          ...(opens || vouches
            ? [
                {
                  title: opens ? '业主账号' : '担保',
                  show: (one: UnitRow) => {
                    const label = `${one.buildingName} ${one.name}`;
                    return (
                      <Button
                        size="small"
                        className="no-print"
                        aria-label={opens ? `开通 ${label} 业主账号` : `担保 ${label} 业主`}
                        onClick={() => setOpened({ id: one.id, label })}
                      >
                        {opens ? '开通' : '担保'}
                      </Button>
                    );
                  },
                },
              ]
            : []),
        ]}
      />
      {opened && opens && (
        <OwnerAccounts
          of={opened}
          onClose={() => setOpened(undefined)}
          onLetter={(issued) => {
            setOpened(undefined);
            setLetter(issued);
          }}
        />
      )}
      {opened && !opens && <Vouch of={opened} onClose={() => setOpened(undefined)} />}
    </Page>
  );
}
