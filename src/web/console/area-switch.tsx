import { Select } from 'antd';
import { useLocation, useNavigate } from 'react-router';
import { areaLevels, showArea } from '../../registers/areas/contract.ts';
import { addressTo, useArea, useMe } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';

/** Where one looks: the chain of areas from the post's own downwards, and a step further down. A single record is left for its list. */
export function AreaSwitch() {
  const { post } = useMe();
  const area = useArea();
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const asked = useAsk(showArea, { code: area ?? '' }, { enabled: area !== undefined, keep: true });
  if (!area || !asked.data) return <p className="area-switch">{post.areaName}</p>;
  const { chain, below } = asked.data;
  const own = chain.findIndex((one) => one.code === post.areaCode);
  const turn = (code: string) => {
    const query = Object.fromEntries(
      [...new URLSearchParams(search)].filter(([name]) => name !== 'page' && name !== 'area'),
    );
    const list =
      /^\/(?:estates|companies|committees|filings|imports|registers\/[^/]+)(?=\/.+)/.exec(pathname)?.[0] ?? pathname;
    void navigate(addressTo(list, { ...query, area: code === post.areaCode ? undefined : code }));
  };
  return (
    <nav className="area-switch" aria-label="辖区">
      <ol>
        {chain.map((one, place) => (
          <li key={one.code} className={place < own ? 'above' : ''}>
            {place === chain.length - 1 ? (
              <span aria-current="location">{one.name}</span>
            ) : place < own ? (
              <span>{one.name}</span>
            ) : (
              <button type="button" className="link" onClick={() => turn(one.code)}>
                {one.name}
              </button>
            )}
          </li>
        ))}
      </ol>
      {below.length > 0 && (
        <Select
          className="area-below no-print"
          aria-label={`进入${asked.data.name}的下一级`}
          placeholder={`选择${areaLevels[below[0]!.level].replace(/（.+）/, '')}`}
          value={null}
          showSearch={{ optionFilterProp: 'label' }}
          popupMatchSelectWidth={false}
          onChange={(code: string | null) => code && turn(code)}
          options={below.map((one) => ({ value: one.code, label: one.name }))}
        />
      )}
    </nav>
  );
}
