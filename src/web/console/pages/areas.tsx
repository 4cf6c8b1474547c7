import { Button } from 'antd';
import { useState } from 'react';
import type { OutputOf } from '../../../kernel/contract.ts';
import {
  type Area,
  addAreaHere,
  areaLevels,
  enrolArea,
  exportAreas,
  showArea,
  tryArea,
} from '../../../registers/areas/contract.ts';
import { bindPackHere, listPacks, statuses } from '../../../registers/requirements/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Empty, Shown } from '../../shared/feedback.tsx';
import { Go } from '../../shared/go.tsx';
import { Ledger } from '../../shared/ledger.tsx';
import { Facts, Page, Section, unanswered } from '../../shared/page.tsx';
import { useArea, useMay } from '../../shared/session.tsx';
import { State, Trial } from '../../shared/states.tsx';
import { useAsk } from '../../shared/use-ask.ts';
import { count, Lasting, labelIn } from '../../shared/words.tsx';
import { AddArea, BindPack, Enrol, Try } from '../area-forms.tsx';
import { RequirementsHere } from '../requirements-here.tsx';

export function Component() {
  const code = useArea();
  const query = useAsk(showArea, { code: code ?? '' }, { enabled: code !== undefined, keep: true });
  if (!code) {
    return (
      <Page title="区划与政策">
        <Empty>您的身份不对应一级区划。</Empty>
      </Page>
    );
  }
  return query.data ? (
    <Record of={query.data} />
  ) : (
    <Page title="区划与政策" state={unanswered(query)}>
      <Shown query={query} what="区划">
        {() => null}
      </Shown>
    </Page>
  );
}

type Place = OutputOf<typeof showArea>;
type Dialog = 'enrol' | 'try' | 'add' | 'bind';

function Record({ of }: { of: Place }) {
  const may = useMay();
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  return (
    <Page
      title="区划与政策"
      state={of.name}
      mark={of.inTrial && <Trial />}
      lead={`${of.name}，${areaLevels[of.level]}`}
      actions={
        <ExportButton of={exportAreas} input={{ area: of.code }}>
          导出区划
        </ExportButton>
      }
    >
      <Facts
        of={{
          区划代码: <span className="tabular">{of.code}</span>,
          上级: of.parentName ?? '--',
          小区: <Go to="/estates">{`${count(of.estates)} 个`}</Go>,
          代码性质: of.provisional ? '临时代码' : '正式代码',
          纳入日期: (
            <span className="with-action">
              {of.enrolledOn}
              {may(enrolArea) && (
                <Button size="small" onClick={() => setDialog('enrol')}>
                  改
                </Button>
              )}
            </span>
          ),
          试运行: (
            <span className="with-action">
              {of.trialUntil ? `到 ${of.trialUntil}${of.inTrial ? '' : '（已结束）'}` : '没有'}
              {of.level === 'subdistrict' && may(tryArea) && (
                <Button size="small" onClick={() => setDialog('try')}>
                  设定
                </Button>
              )}
            </span>
          ),
        }}
      />
      <p className="note">纳入日期之前到期的义务写“未纳入”，不算欠账；试运行期间只提醒，不升级，不比较。</p>
      <Packs of={of} onBind={may(bindPackHere) ? () => setDialog('bind') : undefined} />
      <Section
        title="下一级"
        note={of.below.length > 0 ? `${of.below.length} 个` : undefined}
        actions={of.level !== 'community' && may(addAreaHere) && <Button onClick={() => setDialog('add')}>新增</Button>}
      >
        {of.below.length === 0 ? (
          <Empty>
            {of.level === 'community' ? '社区之下是小区。' : '还没有下一级区划。导入小区名册时可以一并建立。'}
          </Empty>
        ) : (
          <Below of={of.below} />
        )}
      </Section>
      <RequirementsHere code={of.code} />
      <Enrol of={of} open={dialog === 'enrol'} onClose={close} />
      <Try of={of} open={dialog === 'try'} onClose={close} />
      <AddArea of={of} open={dialog === 'add'} onClose={close} />
      <BindPack of={of} open={dialog === 'bind'} onClose={close} />
    </Page>
  );
}

function Packs({ of, onBind }: { of: Place; onBind: (() => void) | undefined }) {
  const query = useAsk(listPacks, { limit: 200 });
  const chain = of.chain.map((one) => one.code);
  return (
    <Section title="适用的政策包" note="含上级的" actions={onBind && <Button onClick={onBind}>适用政策包</Button>}>
      <Shown query={query} what="政策包">
        {({ rows }) => {
          const bound = rows.flatMap((pack) =>
            pack.bindings.filter((one) => chain.includes(one.areaCode)).map((binding) => ({ pack, binding })),
          );
          if (bound.length === 0) return <Empty>这里还没有适用任何政策包，所以没有义务。</Empty>;
          return (
            <Ledger
              label="适用的政策包"
              rows={bound}
              keyOf={({ pack, binding }) => `${pack.id}${binding.areaCode}${binding.fromOn}`}
              columns={[
                {
                  title: '政策包',
                  name: true,
                  show: ({ pack }) => (
                    <>
                      {pack.label}{' '}
                      {pack.status !== 'in-force' && (
                        <State tone="outside">{`${labelIn(statuses, pack.status)}·试算`}</State>
                      )}
                    </>
                  ),
                },
                { title: '适用于', show: ({ binding }) => binding.areaName },
                { title: '起止', show: ({ binding }) => <Lasting from={binding.fromOn} to={binding.toOn} /> },
                {
                  title: '条款',
                  number: true,
                  show: ({ pack }) => (
                    <Go to="/clauses" query={{ pack: pack.id }}>
                      {count(pack.clauses)}
                    </Go>
                  ),
                },
                { title: '职责', number: true, show: ({ pack }) => count(pack.duties) },
                { title: '指标', number: true, show: ({ pack }) => count(pack.indicators) },
                { title: '依据', show: ({ binding }) => binding.document ?? '--' },
              ]}
            />
          );
        }}
      </Shown>
    </Section>
  );
}

function Below({ of }: { of: readonly Area[] }) {
  return (
    <Ledger
      label="下一级区划"
      rows={of}
      keyOf={(one) => one.code}
      columns={[
        {
          title: '名称',
          name: true,
          show: (one) => (
            <Go to="/areas" query={{ area: one.code }}>
              {one.name}
            </Go>
          ),
        },
        {
          title: '代码',
          show: (one) => (
            <span className="tabular">
              {one.code}
              {one.provisional && ' 临时'}
            </span>
          ),
        },
        { title: '下级', number: true, show: (one) => count(one.children) },
        {
          title: '小区',
          number: true,
          show: (one) => (
            <Go to="/estates" query={{ area: one.code }}>
              {count(one.estates)}
            </Go>
          ),
        },
        { title: '纳入日期', show: (one) => one.enrolledOn },
        {
          title: '试运行',
          show: (one) =>
            one.inTrial ? (
              <>
                <Trial /> 到 {one.trialUntil}
              </>
            ) : (
              '--'
            ),
        },
      ]}
    />
  );
}
