import { Link, useLocation } from 'react-router';
import { addressTo } from './session.tsx';

interface TabProps<Key extends string> {
  label: string;
  of: readonly { key: Key; label: string }[];
  current: Key;
  /** The name in the address. */
  name: string;
}

/** Views of one list: links, so that each has an address; they wrap where there is no room. On paper only the one shown. */
export function TabLine<Key extends string>({ label, of, current, name }: TabProps<Key>) {
  const { pathname, search } = useLocation();
  const rest = Object.fromEntries([...new URLSearchParams(search)].filter(([key]) => key !== name && key !== 'page'));
  return (
    <>
      <p className="print-only">{`${label}：${of.find((one) => one.key === current)?.label}`}</p>
      <nav className="tab-line no-print" aria-label={label}>
        <ul>
          {of.map((one) => (
            <li key={one.key}>
              <Link
                to={addressTo(pathname, { ...rest, [name]: one.key })}
                replace
                preventScrollReset
                aria-current={one.key === current ? 'page' : undefined}
              >
                {one.label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}
