import { createBrowserRouter, type RouteObject } from 'react-router';
import { Broken } from './broken.tsx';
import { Shell } from './shell.tsx';

/** Each page is a chunk of its own, fetched when it is first opened. */
const pages: RouteObject[] = [
  { index: true, lazy: () => import('./pages/workbench.tsx') },
  { path: 'cockpit', lazy: () => import('./pages/cockpit.tsx') },
  { path: 'duties', lazy: () => import('./pages/duties.tsx') },
  { path: 'duties/:id', lazy: () => import('./pages/duty.tsx') },
  { path: 'calendar', lazy: () => import('./pages/calendar.tsx') },
  { path: 'sheet', lazy: () => import('./pages/sheet.tsx') },
  { path: 'directives', lazy: () => import('./pages/directives.tsx') },
  { path: 'directives/new', lazy: () => import('./pages/new-directive.tsx') },
  { path: 'directives/:id', lazy: () => import('./pages/directive.tsx') },
  { path: 'responsibilities', lazy: () => import('./pages/responsibilities.tsx') },
  { path: 'own-rules', lazy: () => import('./pages/own-rules.tsx') },
  { path: 'indicators', lazy: () => import('./pages/indicators.tsx') },
  { path: 'indicators/:id', lazy: () => import('./pages/indicator.tsx') },
  { path: 'clauses', lazy: () => import('./pages/clauses.tsx') },
  { path: 'clauses/:id', lazy: () => import('./pages/clause.tsx') },
  { path: 'estates', lazy: () => import('./pages/estates.tsx') },
  { path: 'estates/:id', lazy: () => import('./pages/estate.tsx') },
  { path: 'estates/:id/owners', lazy: () => import('./pages/owners.tsx') },
  { path: 'estates/:id/units', lazy: () => import('./pages/units.tsx') },
  { path: 'estates/:id/vouchers', lazy: () => import('./pages/vouchers.tsx') },
  { path: 'companies', lazy: () => import('./pages/companies.tsx') },
  { path: 'companies/:id', lazy: () => import('./pages/company.tsx') },
  { path: 'committees', lazy: () => import('./pages/committees.tsx') },
  { path: 'committees/:id', lazy: () => import('./pages/committee.tsx') },
  { path: 'organisations', lazy: () => import('./pages/organisations.tsx') },
  { path: 'registers', lazy: () => import('./pages/registers.tsx') },
  { path: 'registers/:kind', lazy: () => import('./pages/entries.tsx') },
  { path: 'registers/:kind/:id', lazy: () => import('./pages/entry.tsx') },
  { path: 'documents', lazy: () => import('./pages/documents.tsx') },
  { path: 'documents/new', lazy: () => import('./pages/new-document.tsx') },
  { path: 'documents/:id', lazy: () => import('./pages/document.tsx') },
  { path: 'documents/:id/poster', lazy: () => import('./pages/poster.tsx') },
  { path: 'quality', lazy: () => import('./pages/quality.tsx') },
  { path: 'corrections', lazy: () => import('./pages/corrections.tsx') },
  { path: 'corrections/new', lazy: () => import('./pages/new-correction.tsx') },
  { path: 'corrections/:id', lazy: () => import('./pages/correction.tsx') },
  { path: 'surveys', lazy: () => import('./pages/surveys.tsx') },
  { path: 'surveys/new', lazy: () => import('./pages/new-survey.tsx') },
  { path: 'surveys/:id', lazy: () => import('./pages/survey.tsx') },
  { path: 'groups', lazy: () => import('./pages/groups.tsx') },
  { path: 'filings', lazy: () => import('./pages/filings.tsx') },
  { path: 'filings/new', lazy: () => import('./pages/new-filing.tsx') },
  { path: 'filings/:id', lazy: () => import('./pages/filing.tsx') },
  { path: 'imports', lazy: () => import('./pages/imports.tsx') },
  { path: 'imports/new', lazy: () => import('./pages/new-import.tsx') },
  { path: 'imports/:id', lazy: () => import('./pages/import.tsx') },
  { path: 'exports', lazy: () => import('./pages/exports.tsx') },
  { path: 'people', lazy: () => import('./pages/people.tsx') },
  { path: 'security', lazy: () => import('./pages/security.tsx') },
  { path: 'offices', lazy: () => import('./pages/offices.tsx') },
  { path: 'readings', lazy: () => import('./pages/readings.tsx') },
  { path: 'erasures', lazy: () => import('./pages/erasures.tsx') },
  { path: 'journal', lazy: () => import('./pages/journal.tsx') },
  { path: 'password', lazy: () => import('./pages/password.tsx') },
  { path: 'areas', lazy: () => import('./pages/areas.tsx') },
  { path: '*', lazy: () => import('./pages/nowhere.tsx') },
];

/** Pages for those who are not known yet. */
const doors: RouteObject[] = [
  { path: '/sign-in', lazy: () => import('./pages/sign-in.tsx') },
  { path: '/owner', lazy: () => import('./pages/owner.tsx') },
  { path: '/activate', lazy: () => import('./pages/activate.tsx') },
  { path: '/v/:code?', lazy: () => import('./pages/verify.tsx') },
];

export const router = createBrowserRouter(
  [
    ...doors.map((door) => ({
      ...door,
      errorElement: <Broken />,
      hydrateFallbackElement: <p className="loading">正在载入…</p>,
    })),
    {
      path: '/',
      element: <Shell />,
      errorElement: <Broken />,
      hydrateFallbackElement: <p className="loading">正在载入…</p>,
      children: [{ errorElement: <Broken />, children: pages }],
    },
  ],
  { basename: '/console' },
);
