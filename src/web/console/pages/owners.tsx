import { Button } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import {
  exportOwnerPhones,
  exportOwners,
  listOwners,
  type Owner,
  showEstate,
} from '../../../registers/estates/contract.ts';
import { showPerson } from '../../../registers/people/contract.ts';
import { askErasure, showPhone } from '../../../registers/sealed/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useMay } from '../../shared/session.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { useUrl } from '../../shared/use-url.ts';
import { count, orMissing, squareMetres } from '../../shared/words.tsx';
import { AskErasure, ExportPhones, ShowPhone } from '../sealed-forms.tsx';

/** The owners of an estate: telephones by their last digits, whole ones one at a time and for a reason. */
export function Component() {
  const id = Number(useParams().id);
  const url = useUrl();
  const may = useMay();
  const estate = useAsk(showEstate, { id });
  const [shown, setShown] = useState<Owner>();
  const [exporting, setExporting] = useState(false);
  const [erased, setErased] = useState<Owner>();
  const filter = { estate: id, building: url.number('building'), search: url.text('search') };
  const query = useList(listOwners, filter, url);
  return (
    <Page
      title={`${estate.data?.name ?? ''}业主`}
      state={query.data ? `${count(query.data.total)} 条产权` : unanswered(query)}
      lead={<Go to={`/estates/${id}`}>回到小区</Go>}
      actions={
        <>
          <ExportButton of={exportOwners} input={filter} list="业主" />
          {may(exportOwnerPhones) && <Button onClick={() => setExporting(true)}>导出电话</Button>}
        </>
      }
    >
      <Filters url={url} names={['search', 'building']}>
        <SearchField url={url} label="姓名、房号或电话尾号" />
        <ChoiceField
          url={url}
          name="building"
          label="楼栋"
          choices={(estate.data?.buildings ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
        />
      </Filters>
      <ListLedger
        label="业主"
        query={query}
        url={url}
        unit="条"
        keyOf={(one) => `${one.unitId} ${one.personId}`}
        empty="没有登记业主。"
        columns={[
          {
            title: '业主',
            name: true,
            show: (one) => (may(showPerson) ? <Go to={`/people/${one.personId}`}>{one.name}</Go> : one.name),
          },
          {
            title: '房号',
            show: (one) => <Go to={`/units/${one.unitId}`}>{`${one.buildingName} ${one.unitName}`}</Go>,
          },
          { title: '面积（㎡）', number: true, show: (one) => orMissing(one.areaCentiM2, squareMetres) },
          { title: '取得日期', show: (one) => orMissing(one.fromOn) },
          {
            title: '电话',
            show: (one) =>
              one.phoneTail === null ? (
                '没有登记'
              ) : (
                <>
                  <span className="nowrap">尾号 {one.phoneTail}</span>{' '}
                  {may(showPhone) && (
                    <Button
                      size="small"
                      autoInsertSpace={false}
                      className="no-print"
                      aria-label={`查看 ${one.name}的电话`}
                      onClick={() => setShown(one)}
                    >
                      查看
                    </Button>
                  )}
                </>
              ),
          },
          {
            title: '个人信息',
            screenOnly: true,
            show: (one) =>
              one.phoneTail !== null && may(askErasure) ? (
                <Button
                  size="small"
                  autoInsertSpace={false}
                  aria-label={`申请抹除 ${one.name}的个人信息`}
                  onClick={() => setErased(one)}
                >
                  申请抹除
                </Button>
              ) : (
                '--'
              ),
          },
        ]}
      />
      {exporting && <ExportPhones estate={id} name={estate.data?.name ?? ''} onClose={() => setExporting(false)} />}
      {shown && <ShowPhone key={shown.personId} of={shown} onClose={() => setShown(undefined)} />}
      {erased && <AskErasure key={erased.personId} of={erased} onClose={() => setErased(undefined)} />}
    </Page>
  );
}
