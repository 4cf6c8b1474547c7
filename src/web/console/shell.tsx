import { useEffect, useRef } from 'react';
import { NavLink, Outlet, useLocation, useNavigation } from 'react-router';
import { type Me, showMe } from '../../registers/people/contract.ts';
import { actAs } from '../shared/ask.ts';
import { DemoBand } from '../shared/demo-band.tsx';
import { Refusals } from '../shared/feedback.tsx';
import { SeenBand } from '../shared/seen-band.tsx';
import { MeProvider } from '../shared/session.tsx';
import { useAsk } from '../shared/use-ask.ts';
import { AreaSwitch } from './area-switch.tsx';
import { FindButton } from './find.tsx';
import { MainMenu, MenuDrawer } from './menu.tsx';
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
