import { Input } from 'antd';
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { type Found, findEverything, foundKinds } from '../../registers/finding/contract.ts';
import { Refusals } from '../shared/feedback.tsx';
import { useAddress } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';

const pageOf: Record<Found['kind'], (one: Found) => string> = {
  estate: (one) => `/estates/${one.id}`,
  unit: (one) => `/units/${one.id}`,
  company: (one) => `/companies/${one.id}`,
  committee: (one) => `/committees/${one.id}`,
  organisation: (one) => `/organisations/${one.id}`,
  entry: (one) => `/registers/${one.id}`,
  person: (one) => `/people/${one.id}`,
  area: (one) => `/cockpit?area=${one.id}`,
  duty: (one) => `/duties?tab=all&search=${encodeURIComponent(one.name)}`,
  indicator: (one) => `/indicators/${encodeURIComponent(one.id)}`,
  clause: (one) => `/clauses/${encodeURIComponent(one.id)}`,
};

/** A combobox over a list in groups: arrows choose, Enter opens. */
export default function Finder({ onGone }: { onGone: () => void }) {
  const id = useId();
  const navigate = useNavigate();
  const address = useAddress();
  const [typed, setTyped] = useState('');
  const words = useDeferredValue(typed.trim());
  const query = useAsk(findEverything, { words }, { enabled: words !== '', keep: true });
  // What stands there belongs to these words and no others: Enter never opens the answer to an earlier question.
  const current = words === typed.trim() && words !== '' && !query.isPlaceholderData && !query.error;
  const groups = words === '' ? [] : (query.data?.groups ?? []);
  const rows = groups.flatMap((one) => one.rows);
  const [at, setAt] = useState(0);
  const chosen = rows[Math.min(at, rows.length - 1)];
  const keyOf = (one: Found) => `${id}-${one.kind}-${one.id}`;
  const go = (one: Found) => {
    onGone();
    void navigate(address(pageOf[one.kind](one)));
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && rows.length > 0) {
      event.preventDefault();
      const next = (Math.min(at, rows.length - 1) + step + rows.length) % rows.length;
      setAt(next);
      document.getElementById(keyOf(rows[next]!))?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter' && current && chosen && !event.nativeEvent.isComposing) go(chosen);
  };
  return (
    <div className="finder">
      <Input
        autoFocus
        value={typed}
        maxLength={60}
        placeholder="名称、拼音、代码或房号，如 春江、cjhy、春江花园3-502"
        aria-label="要找的名称、拼音、代码或房号"
        role="combobox"
        aria-expanded={rows.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(chosen && { 'aria-activedescendant': keyOf(chosen) })}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <p className="note" role="status">
        {words === ''
          ? '小区、房屋、企业、业委会、单位、人员、区划、网格和场所、要办的事和条款。'
          : !current
            ? query.error
              ? ''
              : '正在查找…'
            : rows.length === 0
              ? '没有找到。换个写法试试；不在您辖区内的查不到。'
              : `找到 ${rows.length} 项，↑↓ 选择，回车打开。`}
      </p>
      <Refusals error={query.error} />
      <div id={`${id}-list`} role="listbox" aria-label="查找结果" className="found" hidden={rows.length === 0}>
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own
          <div key={group.kind} role="group" aria-label={foundKinds[group.kind]}>
            <p className="kind" aria-hidden="true">
              {foundKinds[group.kind]}
              {group.more && <span className="note"> 只列出最接近的，多写几个字可以缩小范围</span>}
            </p>
            {group.rows.map((one) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the box's
              // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the box
              <div key={one.id} id={keyOf(one)} role="option" aria-selected={one === chosen} onClick={() => go(one)}>
                <span className="name">{one.name}</span>
                {one.place && <span className="note">{one.place}</span>}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
