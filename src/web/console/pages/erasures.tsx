import { Button } from 'antd';
import { useState } from 'react';
import { decideErasure, type Erasure, listErasures } from '../../../registers/sealed/contract.ts';
import { ChoiceField, Filters, ListLedger, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useMay } from '../../shared/session.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count } from '../../shared/words.tsx';
import { DecideErasure } from '../sealed-forms.tsx';

/** Erasures asked for and decided: never by the same person. */
export function Component() {
  const url = useUrl();
  const may = useMay();
  const [deciding, setDeciding] = useState<{ of: Erasure; carryOut: boolean }>();
  const query = useList(listErasures, { state: url.one('state', ['open', 'decided'] as const) }, url);
  return (
    <Page
      title="抹除个人信息"
      state={query.data ? `${count(query.data.total)} 件申请` : unanswered(query)}
      lead="单位申请，安全管理员决定。抹除即销毁此人的密钥，留痕与验证不受影响。"
    >
      <Filters url={url} names={['state']}>
        <ChoiceField
          url={url}
          name="state"
          label="状态"
          choices={[
            { value: 'open', label: '等待决定' },
            { value: 'decided', label: '已经决定' },
          ]}
        />
      </Filters>
      <ListLedger
        label="抹除申请"
        query={query}
        url={url}
        unit="件"
        keyOf={(one) => one.id}
        empty="没有抹除申请。"
        columns={[
          { title: '何人', name: true, show: (one) => one.personName ?? `档案 ${one.personId} 号` },
          { title: '登记在', show: (one) => one.place ?? '--' },
          { title: '申请', width: '24%', show: (one) => `${one.organisationName} ${one.askedOn}` },
          { title: '理由', show: (one) => one.reason },
          {
            title: '决定',
            width: '26%',
            show: (one) =>
              one.carriedOut === null ? (
                may(decideErasure) ? (
                  <span className="row-acts">
                    <Button
                      size="small"
                      autoInsertSpace={false}
                      danger
                      onClick={() => setDeciding({ of: one, carryOut: true })}
                    >
                      执行抹除
                    </Button>
                    <Button
                      size="small"
                      autoInsertSpace={false}
                      onClick={() => setDeciding({ of: one, carryOut: false })}
                    >
                      不予抹除
                    </Button>
                  </span>
                ) : (
                  '等待决定'
                )
              ) : (
                `${one.carriedOut ? '已抹除' : '不予抹除'} ${one.decidedOn}：${one.answer}`
              ),
          },
        ]}
      />
      {deciding && <DecideErasure key={deciding.of.id} {...deciding} onClose={() => setDeciding(undefined)} />}
    </Page>
  );
}
