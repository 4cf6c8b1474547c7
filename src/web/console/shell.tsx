import { Button, Drawer } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { NavLink, Outlet, useLocation, useNavigation } from 'react-router';
import type { Contract } from '../../kernel/contract.ts';
import { listDirectives } from '../../oversight/directives/contract.ts';
import { listDuties, readMonth, readSheet } from '../../oversight/duties/contract.ts';
import { listIndicators } from '../../oversight/indicators/contract.ts';
import { listOwnRules, readMatrix } from '../../oversight/responsibility/contract.ts';
import { listDocuments } from '../../procedures/documents/contract.ts';
import { listFilings } from '../../procedures/filings/contract.ts';
import { addAreaHere, exportAreas } from '../../registers/areas/contract.ts';
import { listCommittees, listEstates } from '../../registers/estates/contract.ts';
import { listGroups } from '../../registers/groups/contract.ts';
import { listAbsences, listMyBars } from '../../registers/offices/contract.ts';
import { exportOrganisations, listCompanies } from '../../registers/organisations/contract.ts';
import { listPosts, type Me, showMe } from '../../registers/people/contract.ts';
import { listClauses } from '../../registers/requirements/contract.ts';
import { listImports } from '../../registers/rosters/contract.ts';
import { listErasures, listEvents, listReadings, listReadingsOfMe } from '../../registers/sealed/contract.ts';
import { actAs } from '../shared/ask.ts';
import { DemoBand } from '../shared/demo-band.tsx';
import { Refusals } from '../shared/feedback.tsx';
import { SeenBand } from '../shared/seen-band.tsx';
import { MeProvider, useAddress, useMay } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';
import { AreaSwitch } from './area-switch.tsx';
import { FindButton } from './find.tsx';
import { PostSwitch } from './post-switch.tsx';
import { VerificationBand } from './verification.tsx';

/** What surrounds every page: who acts, in which area, and the way to everything else. */
export function Shell() {
  const me = useAsk(showMe, {});
  if (!me.data) {
    return me.error && me.error.status !== 401 ? (
      <main className="content">
        <h1>共治</h1>
        <Refusals error={me.error} retry={() => void me.refetch()} />
      </main>
    ) : (
      <p className="loading">正在载入…</p>
    );
  }
  return (
    <MeProvider value={me.data}>
      <Frame me={me.data} />
    </MeProvider>
  );
}

function Frame({ me }: { me: Me }) {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const busy = useNavigation().state === 'loading';
  useEffect(() => {
    actAs(me.post.id);
    return () => actAs(undefined);
  }, [me.post.id]);
  // A new page begins at its top, for the eye and for the keyboard.
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <>
      <a className="skip" href="#content">
        跳到正文
      </a>
      <header>
        {me.deployment.mode === 'demo' && <DemoBand />}
        <SeenBand demo={me.deployment.mode === 'demo'} />
        <VerificationBand />
        <div className="top">
          <MenuDrawer />
          <NavLink to="/" className="product">
            共治
          </NavLink>
          <FindButton />
          <AreaSwitch />
          <PostSwitch />
        </div>
      </header>
      <div className="frame">
        <aside className="side no-print">
          <MainMenu />
        </aside>
        <main id="content" className="content" tabIndex={-1} ref={main} aria-busy={busy}>
          <Outlet />
        </main>
      </div>
    </>
  );
}

/** `needs`: shown to whoever may call one of them. */
const entries: readonly { to: string; label: string; needs?: Contract | readonly Contract[] }[] = [
  { to: '/', label: '工作台' },
  { to: '/cockpit', label: '驾驶舱', needs: listDuties },
  { to: '/duties', label: '义务清单', needs: listDuties },
  { to: '/calendar', label: '日历', needs: readMonth },
  { to: '/sheet', label: '本月清单', needs: readSheet },
  { to: '/directives', label: '督办', needs: listDirectives },
  { to: '/responsibilities', label: '责任矩阵', needs: readMatrix },
  { to: '/own-rules', label: '制度清单', needs: listOwnRules },
  { to: '/indicators', label: '指标', needs: listIndicators },
  { to: '/clauses', label: '条款库', needs: listClauses },
  { to: '/estates', label: '小区档案', needs: listEstates },
  { to: '/companies', label: '企业', needs: listCompanies },
  { to: '/committees', label: '业委会', needs: listCommittees },
  { to: '/organisations', label: '单位名录', needs: exportOrganisations },
  { to: '/filings', label: '报备', needs: listFilings },
  { to: '/documents', label: '文件', needs: listDocuments },
  { to: '/groups', label: '群台账', needs: listGroups },
  { to: '/imports', label: '名册导入', needs: listImports },
  { to: '/people', label: '人员与账号', needs: listPosts },
  { to: '/offices', label: '任职变动', needs: [listAbsences, listMyBars] },
  { to: '/erasures', label: '抹除个人信息', needs: listErasures },
  { to: '/readings', label: '查看记录', needs: listReadings },
  { to: '/readings', label: '谁看过我', needs: listReadingsOfMe },
  { to: '/journal', label: '留痕', needs: listEvents },
  { to: '/areas', label: '区划与政策', needs: [exportAreas, addAreaHere] },
];

function MainMenu() {
  const may = useMay();
  const address = useAddress();
  return (
    <nav aria-label="主菜单" className="menu">
      <ul>
        {entries
          .filter((one) => !one.needs || [one.needs].flat().some((of) => may(of as Contract)))
          .map((one) => (
            <li key={one.label}>
              <NavLink to={address(one.to)} end={one.to === '/'}>
                {one.label}
              </NavLink>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/** The same menu on a phone. */
function MenuDrawer() {
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes when another page opens
  useEffect(() => setOpen(false), [pathname]);
  return (
    <>
      <Button className="menu-button no-print" onClick={() => setOpen(true)} aria-expanded={open}>
        菜单
      </Button>
      <Drawer title="菜单" placement="left" size={260} open={open} onClose={() => setOpen(false)}>
        <MainMenu />
      </Drawer>
    </>
  );
}
