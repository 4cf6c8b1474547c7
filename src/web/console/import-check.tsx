import { Button, Radio } from 'antd';
import { useState } from 'react';
import {
  commitImport,
  downloadErrors,
  type ImportRow,
  listImportRows,
  rowVerdicts,
} from '../../registers/rosters/contract.ts';
import { ExportButton } from '../shared/export-button.tsx';
import { Refusals } from '../shared/feedback.tsx';
import { ListLedger, useList } from '../shared/ledger.tsx';
import { Section } from '../shared/page.tsx';
import { State } from '../shared/states.tsx';
import { TabLine } from '../shared/tab-line.tsx';
import { useAct } from '../shared/use-ask.ts';
import { useUrl } from '../shared/use-url.ts';
import { count } from '../shared/words.tsx';
import type { OneImport } from './pages/import.tsx';

/** What would be written, row by row, before anything is. */
export function CheckStep({ of, onRemap }: { of: OneImport; onRemap: () => void }) {
  const act = useAct(commitImport);
  const [skip, setSkip] = useState(of.skipWrongRows);
  const { counts } = of;
  if (!counts) return null;
  const commit = of.acts.find((one) => one.act === 'commit');
  const right = counts.new + counts.changed;
  const barred = counts.wrong > 0 && !skip;
  return (
    <>
      <Counts of={counts} />
      {of.newAreas.length > 0 && (
        <p>
          将一并建立 {of.newAreas.length} 个区划：
          {of.newAreas.map((one) => `${one.name}${one.provisional ? '（临时代码）' : ''}`).join('、')}
        </p>
      )}
      {counts.wrong > 0 && (
        <Section
          title="有错误的行"
          note={`${count(counts.wrong)} 行`}
          actions={
            <ExportButton of={downloadErrors} input={{ id: of.id }}>
              下载错误行（改好后直接上传）
            </ExportButton>
          }
        >
          <ul className="files">
            {counts.problems.map((one) => (
              <li key={one.key}>
                {one.label} <span className="note">{count(one.count)} 行</span>
              </li>
            ))}
          </ul>
          <Radio.Group
            aria-label="有错误的行怎么办"
            className="skip-choice"
            value={skip}
            onChange={(event) => setSkip(event.target.value as boolean)}
            options={[
              { value: false, label: '全部正确才写入' },
              { value: true, label: `跳过错误的行，只写入其余 ${count(right)} 行` },
            ]}
          />
        </Section>
      )}
      <Rows id={of.id} counts={counts} />
      <Refusals error={act.error} />
      {commit && !commit.allowed && !skip && <p className="note">现在不能写入：{commit.refusals.join('；')}</p>}
      <div className="wizard-actions">
        <Button
          type="primary"
          loading={act.isPending}
          disabled={right === 0 || barred}
          onClick={() => act.mutate({ input: { id: of.id, skipWrongRows: skip } })}
        >
          {`写入 ${count(right)} 行`}
        </Button>
        <Button onClick={onRemap}>重新对应列</Button>
      </div>
    </>
  );
}

export function Counts({ of }: { of: NonNullable<OneImport['counts']> }) {
  return (
    <p className="counts" role="status">
      {(['new', 'changed', 'unchanged', 'wrong'] as const).map((verdict) => (
        <span key={verdict}>
          {rowVerdicts[verdict]} <b>{count(of[verdict])}</b>
        </span>
      ))}
      <span>
        共 <b>{count(of.total)}</b> 行
      </span>
      {of.tidied > 0 && <span className="note">已自动整理 {count(of.tidied)} 处（全角、空格、单位、日期写法）</span>}
    </p>
  );
}

type Verdict = keyof typeof rowVerdicts;
const verdicts = ['wrong', 'new', 'changed', 'unchanged'] as const;

function Rows({ id, counts }: { id: number; counts: NonNullable<OneImport['counts']> }) {
  const url = useUrl();
  const verdict: Verdict = url.one('verdict', verdicts) ?? verdicts.find((one) => counts[one] > 0) ?? 'new';
  const query = useList(listImportRows, { id, verdict }, url);
  return (
    <Section title="逐行核对">
      <TabLine
        label="行的种类"
        name="verdict"
        current={verdict}
        of={verdicts.map((key) => ({ key, label: `${rowVerdicts[key]} ${count(counts[key])}` }))}
      />
      <ListLedger
        label="各行"
        query={query}
        url={url}
        unit="行"
        keyOf={(one) => one.row}
        empty="没有这样的行。"
        columns={[
          { title: '原行号', number: true, width: 80, show: (one) => one.row },
          { title: '对象', name: true, width: '24%', show: (one) => one.label || '--' },
          {
            title: '结果',
            width: 90,
            show: (one) => (
              <State tone={one.verdict === 'wrong' ? 'overdue' : one.verdict === 'unchanged' ? 'calm' : 'met'}>
                {rowVerdicts[one.verdict]}
              </State>
            ),
          },
          { title: '内容', show: (one) => <Content of={one} /> },
        ]}
      />
    </Section>
  );
}

function Content({ of }: { of: ImportRow }) {
  if (of.problems.length > 0) {
    return (
      <ul>
        {of.problems.map((one) => (
          <li key={one.sentence} className="problem">
            {one.sentence}
          </li>
        ))}
      </ul>
    );
  }
  if (of.fields.length === 0) return <span className="note">与已有的相同</span>;
  return (
    <ul className="changes">
      {of.fields.map((one) => (
        <li key={one.key}>
          {one.label}：
          {of.verdict === 'changed' && (
            <>
              <del>{one.before ?? '待补'}</del> →{' '}
            </>
          )}
          <ins>{one.after}</ins>
        </li>
      ))}
    </ul>
  );
}
