/** The main menu: at most nine entries, two levels, what one's post is about and no more. What else one may see is found with 查找. */
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { NavLink, useLocation } from 'react-router';
import type { Contract } from '../../kernel/contract.ts';
import { listDirectives } from '../../oversight/directives/contract.ts';
import { listDuties, readMonth, readSheet } from '../../oversight/duties/contract.ts';
import { listIndicators } from '../../oversight/indicators/contract.ts';
import { listOwnRules, readMatrix } from '../../oversight/responsibility/contract.ts';
import { listDocuments } from '../../procedures/documents/contract.ts';
import { fileDeed, listFilings } from '../../procedures/filings/contract.ts';
import { addAreaHere, exportAreas } from '../../registers/areas/contract.ts';
import { listCorrections } from '../../registers/corrections/contract.ts';
import { countEntries } from '../../registers/entries/contract.ts';
import { listCommittees, listEstates } from '../../registers/estates/contract.ts';
import { listExports } from '../../registers/exports/contract.ts';
import { listGroups } from '../../registers/groups/contract.ts';
import { listAbsences, listMyBars } from '../../registers/offices/contract.ts';
import { exportOrganisations, listCompanies } from '../../registers/organisations/contract.ts';
import { listPosts } from '../../registers/people/contract.ts';
import { listFlaws } from '../../registers/quality/contract.ts';
import { listClauses } from '../../registers/requirements/contract.ts';
import { listImports } from '../../registers/rosters/contract.ts';
import { listErasures, listEvents, listReadings, listReadingsOfMe } from '../../registers/sealed/contract.ts';
import { listSurveys } from '../../registers/surveys/contract.ts';
import { Drawer } from '../shared/layers.tsx';
import { useAddress, useMay, useMe } from '../shared/session.tsx';

/** `needs`: shown to whoever may call one of them. */
interface Leaf {
  to: string;
  label: string;
  needs?: Contract | readonly Contract[];
}

const groups = {
  工作台: [
    { to: '/', label: '我的工作台' },
    { to: '/pocket', label: '掌上工作台', needs: fileDeed },
    { to: '/duties', label: '义务清单', needs: listDuties },
    { to: '/directives', label: '督办', needs: listDirectives },
    { to: '/calendar', label: '日历', needs: readMonth },
    { to: '/sheet', label: '本月清单', needs: readSheet },
  ],
  驾驶舱: [
    { to: '/cockpit', label: '驾驶舱', needs: listDuties },
    { to: '/indicators', label: '指标', needs: listIndicators },
    { to: '/responsibilities', label: '责任矩阵', needs: readMatrix },
  ],
  小区档案: [
    { to: '/estates', label: '小区档案', needs: listEstates },
    { to: '/registers', label: '其他底册', needs: countEntries },
    { to: '/quality', label: '数据质量', needs: listFlaws },
    { to: '/corrections', label: '纠错', needs: listCorrections },
    { to: '/surveys', label: '底数摸排', needs: listSurveys },
  ],
  业主自治: [{ to: '/committees', label: '业委会', needs: listCommittees }],
  物业监管: [{ to: '/companies', label: '企业', needs: listCompanies }],
  党建联建: [{ to: '/companies', label: '企业党组织覆盖', needs: listCompanies }],
  报表与公文: [
    { to: '/filings', label: '报备', needs: listFilings },
    { to: '/documents', label: '文件', needs: listDocuments },
    { to: '/groups', label: '群台账', needs: listGroups },
    { to: '/imports', label: '名册导入', needs: listImports },
    { to: '/exports', label: '导出中心', needs: listExports },
    { to: '/own-rules', label: '制度清单', needs: listOwnRules },
    { to: '/clauses', label: '条款库', needs: listClauses },
  ],
  系统: [
    { to: '/organisations', label: '单位名录', needs: exportOrganisations },
    { to: '/people', label: '人员与账号', needs: listPosts },
    { to: '/offices', label: '任职变动', needs: [listAbsences, listMyBars] },
    { to: '/areas', label: '区划与政策', needs: [exportAreas, addAreaHere] },
    { to: '/erasures', label: '抹除个人信息', needs: listErasures },
    { to: '/readings', label: '查看记录', needs: listReadings },
    { to: '/readings', label: '谁看过我', needs: listReadingsOfMe },
    { to: '/journal', label: '留痕', needs: listEvents },
  ],
} as const satisfies Record<string, readonly Leaf[]>;
type Group = keyof typeof groups;

/** Ours: as many as are taken in at a glance. */
const most = 9;

const everyday: readonly Group[] = ['工作台', '报表与公文', '系统'];
const party: readonly Group[] = ['驾驶舱', '党建联建', '业主自治', ...everyday];
const committee: readonly Group[] = ['小区档案', '业主自治', ...everyday];

/** What a post is about follows from the kind of its body; the property department and the sub-districts have to do with everything. */
const about: Readonly<Record<string, readonly Group[]>> = {
  'organisation-department': party,
  'industry-party-committee': party,
  'party-work-committee': party,
  'company-party-organisation': party,
  'political-legal-commission': ['驾驶舱', ...everyday],
  'civil-affairs-bureau': ['驾驶舱', '业主自治', ...everyday],
  'residents-committee': ['驾驶舱', '小区档案', '业主自治', '物业监管', ...everyday],
  'community-party-organisation': ['驾驶舱', '小区档案', '业主自治', '党建联建', ...everyday],
  'estate-party-branch': ['小区档案', '业主自治', ...everyday],
  'property-company': ['小区档案', '物业监管', ...everyday],
  'property-association': ['驾驶舱', '物业监管', ...everyday],
  'owners-committee': committee,
  'management-committee': committee,
};
const everything = (Object.keys(groups) as Group[]).filter((one) => one !== '党建联建');

function useGroups(): { label: Group; leaves: readonly Leaf[] }[] {
  const may = useMay();
  const { organisationKind } = useMe().post;
  const mine = about[organisationKind] ?? everything;
  return (Object.keys(groups) as Group[])
    .filter((label) => mine.includes(label))
    .map((label) => ({
      label,
      leaves: (groups[label] as readonly Leaf[]).filter(
        (one) => !one.needs || [one.needs].flat().some((of) => may(of as Contract)),
      ),
    }))
    .filter(({ leaves }) => leaves.length > 0);
}

export function MainMenu() {
  const shown = useGroups();
  const { pathname } = useLocation();
  // What fits is not folded: an administrator has a handful of entries.
  const few = shown.flatMap((one) => one.leaves).length <= most;
  const here = (leaf: Leaf) => (leaf.to === '/' ? pathname === '/' : `${pathname}/`.startsWith(`${leaf.to}/`));
  return (
    <nav aria-label="主菜单" className="menu">
      <ul>
        {shown.map(({ label, leaves }, place) => (
          <li key={label}>
            {leaves.length === 1 ? (
              <LeafLink of={leaves[0]!} />
            ) : (
              // The browser's own disclosure: Tab, Enter and the space bar work, and the reader says whether it is open.
              <details open={few || place === 0 || leaves.some(here)}>
                <summary>{label}</summary>
                <ul>
                  {leaves.map((one) => (
                    <li key={one.label}>
                      <LeafLink of={one} />
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}

function LeafLink({ of }: { of: Leaf }) {
  const address = useAddress();
  return (
    <NavLink to={address(of.to)} end={of.to === '/'}>
      {of.label}
    </NavLink>
  );
}

/** The same menu on a phone. */
export function MenuDrawer() {
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
