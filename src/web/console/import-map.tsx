import { Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { mapImport } from '../../registers/rosters/contract.ts';
import { Refusals } from '../shared/feedback.tsx';
import { Ledger } from '../shared/ledger.tsx';
import { Section } from '../shared/page.tsx';
import { useAct } from '../shared/use-ask.ts';
import { useUrl } from '../shared/use-url.ts';
import type { OneImport } from './pages/import.tsx';

const SKIP = '';

/** Which row is the header and which column is what; suggested from the names and from what the same sender chose before. */
export function MapStep({ of, onDone }: { of: OneImport; onDone: () => void }) {
  const url = useUrl();
  const act = useAct(mapImport);
  const [chosen, setChosen] = useState(() => new Map(of.columns.map((one) => [one.index, one.key])));
  const [createMissingAreas, setCreate] = useState(of.createMissingAreas);
  const label = (key: string) => of.fields.find((one) => one.key === key)?.label ?? key;
  const used = [...chosen.values()].filter((key) => key !== null);
  const twice = used.filter((key, place) => used.indexOf(key) !== place);
  const missing = of.fields.filter((one) => one.required && !used.includes(one.key));
  const submit = () => {
    if (of.sheet === null || of.headerRow === null) return;
    const columns = [...chosen].map(([index, key]) => ({ index, key }));
    void act
      .mutateAsync({ input: { id: of.id, sheet: of.sheet, headerRow: of.headerRow, columns, createMissingAreas } })
      .then(onDone, () => {});
  };
  return (
    <>
      <Section title="表头在哪一行" note={`现在是第 ${of.headerRow ?? '?'} 行；点行号可以改`}>
        {of.sheets.length > 1 && (
          <p>
            工作表{' '}
            <Select
              aria-label="工作表"
              className="choice-field"
              value={of.sheet}
              popupMatchSelectWidth={false}
              onChange={(sheet: string) => url.change({ sheet, header: undefined })}
              options={of.sheets.map((one) => ({
                value: one.name,
                label: one.hidden ? `${one.name}（隐藏）` : one.name,
              }))}
            />
          </p>
        )}
        <Preview of={of} onHeader={(header) => url.change({ sheet: of.sheet ?? undefined, header })} />
      </Section>
      <Section title="每一列是什么" note="选过的下次自动对应">
        <Ledger
          label="列的对应"
          rows={of.columns}
          keyOf={(one) => one.index}
          columns={[
            { title: '你们的列', name: true, show: (one) => one.title || `第 ${one.index + 1} 列（没有名称）` },
            { title: '头几个值', show: (one) => samplesOf(of, one.index) || '--' },
            {
              title: '对应到',
              width: '34%',
              show: (one) => (
                <Select
                  className="choice"
                  aria-label={`${one.title}对应到`}
                  value={chosen.get(one.index) ?? SKIP}
                  showSearch={{ optionFilterProp: 'label' }}
                  onChange={(key: string) =>
                    setChosen((before) => new Map(before).set(one.index, key === SKIP ? null : key))
                  }
                  options={[
                    { value: SKIP, label: '不导入这一列' },
                    ...of.fields.map((field) => ({
                      value: field.key,
                      label: field.required ? `${field.label}（必填）` : field.label,
                    })),
                  ]}
                />
              ),
            },
          ]}
        />
      </Section>
      {missing.length > 0 && (
        <p className="field-error" role="status">
          必填而还没有对应的：{missing.map((one) => one.label).join('、')}
        </p>
      )}
      {twice.length > 0 && (
        <p className="field-error" role="status">
          对应了两列的：{[...new Set(twice)].map(label).join('、')}
        </p>
      )}
      <p className="wizard-option" hidden={of.kind === 'deeds'}>
        <Checkbox checked={createMissingAreas} onChange={(event) => setCreate(event.target.checked)}>
          表里有、系统里还没有的街道和社区，一并建立
        </Checkbox>
      </p>
      <Refusals error={act.error} />
      <div className="wizard-actions">
        <Button
          type="primary"
          loading={act.isPending}
          disabled={twice.length > 0 || of.headerRow === null}
          onClick={submit}
        >
          检查各行
        </Button>
        <span className="note">只检查，不写入。</span>
      </div>
    </>
  );
}

function samplesOf(of: OneImport, index: number): string {
  const below = of.sample.filter((row) => of.headerRow === null || row.number > of.headerRow);
  return below
    .map((row) => row.cells[index]?.trim())
    .filter(Boolean)
    .slice(0, 3)
    .join('、');
}

/** The first rows as they stand in the file. */
function Preview({ of, onHeader }: { of: OneImport; onHeader: (row: number) => void }) {
  const width = Math.max(0, ...of.sample.map((row) => row.cells.length));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="grid-preview" aria-label="文件的前几行" tabIndex={0}>
      <table>
        <tbody>
          {of.sample.slice(0, 12).map((row) => (
            <tr key={row.number} className={row.number === of.headerRow ? 'header-row' : ''}>
              <th scope="row">
                <button
                  type="button"
                  className="link"
                  aria-pressed={row.number === of.headerRow}
                  aria-label={`以第 ${row.number} 行为表头`}
                  onClick={() => onHeader(row.number)}
                >
                  {row.number}
                </button>
              </th>
              {Array.from({ length: width }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                <td key={index}>{row.cells[index] ?? ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
