import { Go } from '../shared/go.tsx';
import { Page } from '../shared/page.tsx';
import { standingOf, useMe } from '../shared/session.tsx';

const duties: Readonly<Record<string, { lead: string; pages: readonly (readonly [to: string, label: string])[] }>> = {
  system: {
    lead: '您管区划、政策包、单位和账号。业务内容不在您的视野之内。',
    pages: [
      ['/people', '开通账号、重置密码'],
      ['/areas', '区划与政策'],
    ],
  },
  security: {
    lead: '您管任职、代理、停职、回避和抹除的决定，看得见安全事件。业务内容不在您的视野之内。',
    pages: [
      ['/people', '任职'],
      ['/offices', '任职变动'],
      ['/erasures', '抹除个人信息'],
      ['/readings', '敏感信息查看记录'],
      ['/journal', '安全事件'],
    ],
  },
  audit: {
    lead: '您读留痕和查看记录，什么也不改。',
    pages: [
      ['/journal', '留痕'],
      ['/readings', '敏感信息查看记录'],
      ['/offices', '任职变动'],
    ],
  },
};

/** Where an administrator begins: what is theirs, and what is not. */
export function Administration() {
  const { post } = useMe();
  const { lead, pages } = duties[standingOf(post)]!;
  return (
    <Page title="工作台" state={post.title} lead={lead} printable={false}>
      <ul className="plain-links">
        {pages.map(([to, label]) => (
          <li key={to}>
            <Go to={to}>{label}</Go>
          </li>
        ))}
      </ul>
    </Page>
  );
}
