import { Button } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../../kernel/contract.ts';
import { showPerson } from '../../../registers/people/contract.ts';
import { askErasure, showPhone } from '../../../registers/sealed/contract.ts';
import { Empty } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section } from '../../shared/page.tsx';
import { RecordDetail } from '../../shared/record-detail.tsx';
import { useMay } from '../../shared/session.tsx';
import { type Happening, Timeline } from '../../shared/timeline.tsx';
import { Lasting, orMissing, squareMetres } from '../../shared/words.tsx';
import { AskErasure, ShowPhone } from '../sealed-forms.tsx';

export function Component() {
  return (
    <RecordDetail of={showPerson} what="人员">
      {(record) => <Record of={record} />}
    </RecordDetail>
  );
}

type Person = OutputOf<typeof showPerson>;

/** One person: posts, flats, absences, and what happened when; the telephone by its last digits. */
function Record({ of }: { of: Person }) {
  const may = useMay();
  const [opened, setOpened] = useState<'phone' | 'erasure'>();
  const about = { personId: of.id, name: of.name };
  const units = of.owner?.units ?? [];
  return (
    <Page
      title={of.name}
      state="人员"
      lead={<Go to="/people">人员与账号</Go>}
      actions={
        of.owner?.phoneTail && may(askErasure) ? (
          <Button onClick={() => setOpened('erasure')}>申请抹除个人信息</Button>
        ) : null
      }
    >
      <Facts
        of={{
          登记在: orMissing(of.place),
          ...(of.owner && { 电话: <Phone tail={of.owner.phoneTail} onShow={() => setOpened('phone')} /> }),
          账号: of.hasAccount ? '已开通' : '没有',
        }}
      />
      <Section title="任职">
        {of.posts.length === 0 ? (
          <Empty>没有您范围之内的任职。</Empty>
        ) : (
          <Ledger
            label="任职"
            rows={of.posts}
            keyOf={(one) => one.id}
            columns={[
              { title: '职务', name: true, show: (one) => one.title },
              { title: '单位', show: (one) => orMissing(one.organisationName) },
              { title: '所在区划', show: (one) => orMissing(one.areaName) },
              { title: '任期', show: (one) => <Lasting from={one.fromOn} to={one.toOn} /> },
              { title: '依据文件', show: (one) => orMissing(one.document) },
              { title: '离任', show: (one) => [one.endDocument, one.endReason].filter(Boolean).join('，') || '--' },
            ]}
          />
        )}
      </Section>
      {of.owner && (
        <Section title="产权">
          {units.length === 0 ? (
            <Empty>没有您范围之内的产权。</Empty>
          ) : (
            <Ledger
              label="产权"
              rows={units}
              keyOf={(one) => `${one.unitId} ${one.fromOn}`}
              columns={[
                {
                  title: '房号',
                  name: true,
                  show: (one) => <Go to={`/units/${one.unitId}`}>{`${one.buildingName} ${one.unitName}`}</Go>,
                },
                { title: '小区', show: (one) => <Go to={`/estates/${one.estateId}`}>{one.estateName}</Go> },
                { title: '面积（㎡）', number: true, show: (one) => orMissing(one.areaCentiM2, squareMetres) },
                { title: '起止', show: (one) => <Lasting from={one.fromOn} to={one.toOn} /> },
              ]}
            />
          )}
        </Section>
      )}
      <Section title="经过" note="任职、离岗、代理和产权的起止">
        <Timeline of={historyOf(of)} empty="起止的日期待补。" />
      </Section>
      <p className="note section">楼栋长、网格员、业委会委员、党建指导员只登记姓名，不与人员对应，所以不列在这里。</p>
      {opened === 'phone' && <ShowPhone of={about} onClose={() => setOpened(undefined)} />}
      {opened === 'erasure' && <AskErasure of={about} onClose={() => setOpened(undefined)} />}
    </Page>
  );
}

function Phone({ tail, onShow }: { tail: string | null; onShow: () => void }) {
  const may = useMay();
  if (tail === null) return '没有登记';
  return (
    <span className="with-action">
      <span className="nowrap">尾号 {tail}</span>
      {may(showPhone) && (
        <Button size="small" autoInsertSpace={false} className="no-print" aria-label="查看电话" onClick={onShow}>
          查看
        </Button>
      )}
    </span>
  );
}

function historyOf({ posts, owner, absences }: Person): Happening[] {
  return [
    ...posts.flatMap((one) => [
      { on: one.fromOn, what: `任${one.organisationName ?? ''}${one.title}`, note: one.document },
      { on: one.toOn, what: `不再任${one.organisationName ?? ''}${one.title}`, note: one.endReason },
    ]),
    ...(owner?.units ?? []).flatMap((one) => {
      const flat = `${one.estateName} ${one.buildingName} ${one.unitName}`;
      return [
        { on: one.fromOn, what: `取得${flat}` },
        { on: one.toOn, what: `不再有${flat}` },
      ];
    }),
    ...absences.flatMap((one) => {
      const post = `${one.organisationName}${one.title}`;
      const [begins, ends] = {
        leave: [`离岗（${post}）`, `返岗（${post}）`],
        deputy: [`${one.other}可代理${post}`, `${one.other}不再代理${post}`],
        deputising: [`可代${one.other}行使${post}`, `不再代${one.other}行使${post}`],
      }[one.kind];
      return [
        { on: one.fromOn, what: begins, note: one.document },
        { on: one.toOn, what: ends },
      ];
    }),
  ];
}
