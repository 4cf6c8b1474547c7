import { Button } from 'antd';
import { useState } from 'react';
import { clearSecondFactor, resetPassword } from '../../../registers/accounts/contract.ts';
import {
  appointHere,
  exportPosts,
  type HeldPost,
  listPosts,
  openAccount,
  type PostRole,
  roles,
} from '../../../registers/people/contract.ts';
import { ExportButton } from '../../shared/export-button.tsx';
import { Go } from '../../shared/go.tsx';
import { ChoiceField, Filters, ListLedger, SearchField, useList } from '../../shared/ledger.tsx';
import { Page, unanswered } from '../../shared/page.tsx';
import { useArea, useMay, useMe } from '../../shared/session.tsx';
import { useUrl } from '../../shared/use-url.ts';
import { count, options, orMissing } from '../../shared/words.tsx';
import { PostActs } from '../office-forms.tsx';
import { Appoint, OpenAccount, ResetPassword } from '../people-forms.tsx';
import { WaysToSignIn } from '../ways-to-sign-in.tsx';

const { owner: _owner, ...listed } = roles;

/** Who holds which post in the bodies of the area, and who can sign in. */
export function Component() {
  const url = useUrl();
  const may = useMay();
  const [appointing, setAppointing] = useState(false);
  const [opening, setOpening] = useState<HeldPost>();
  const { personId } = useMe();
  const [resetting, setResetting] = useState<HeldPost>();
  const [managing, setManaging] = useState<HeldPost>();
  const filter = {
    area: useArea(),
    role: url.one('role', Object.keys(listed) as PostRole[]),
    past: url.one('past', ['yes'] as const),
    search: url.text('search'),
  };
  const query = useList(listPosts, filter, url);
  return (
    <Page
      title="人员与账号"
      state={query.data ? `${count(query.data.total)} 项任职` : unanswered(query)}
      lead="各单位的任职；业主不在这里，在小区的房屋名册里。"
      actions={
        <>
          {may(appointHere) && (
            <Button type="primary" onClick={() => setAppointing(true)}>
              新增人员任职
            </Button>
          )}
          <ExportButton of={exportPosts} input={filter} list="任职名录" />
        </>
      }
    >
      <Filters url={url} names={['search', 'role', 'past']}>
        <SearchField url={url} label="姓名或单位" />
        <ChoiceField url={url} name="role" label="职务" choices={options(listed)} />
        <ChoiceField url={url} name="past" label="在任" choices={[{ value: 'yes', label: '含已离任的' }]} />
      </Filters>
      <ListLedger
        label="任职名录"
        query={query}
        url={url}
        keyOf={(one) => one.id}
        empty="没有符合条件的任职。"
        columns={[
          { title: '姓名', name: true, show: (one) => <Go to={`/people/${one.personId}`}>{one.personName}</Go> },
          { title: '单位', width: '28%', show: (one) => orMissing(one.organisationName) },
          { title: '职务', show: (one) => one.title },
          { title: '所在区划', show: (one) => orMissing(one.areaName) },
          {
            title: '任期',
            show: (one) => (
              <>
                <span className="nowrap">{one.fromOn}</span> ～ <span className="nowrap">{one.toOn ?? '至今'}</span>
              </>
            ),
          },
          {
            title: '依据文件',
            show: (one) => (
              <>
                {one.document ?? '--'}
                {one.endDocument && (
                  <div className="note">
                    离任：{one.endDocument}，{one.endReason}
                  </div>
                )}
              </>
            ),
          },
          {
            title: '账号',
            show: (one) =>
              one.hasAccount || !may(openAccount) ? (
                one.hasAccount ? (
                  <span className="with-action">
                    已开通
                    {may(resetPassword) && one.personId !== personId && (
                      <Button
                        size="small"
                        className="no-print"
                        aria-label={`${one.personName} 重置密码`}
                        onClick={() => setResetting(one)}
                      >
                        重置密码
                      </Button>
                    )}
                    {may(clearSecondFactor) && (
                      <Button
                        size="small"
                        className="no-print"
                        aria-label={`${one.personName}的登录方式`}
                        onClick={() => setManaging(one)}
                      >
                        登录方式
                      </Button>
                    )}
                  </span>
                ) : (
                  '没有'
                )
              ) : (
                <Button
                  size="small"
                  className="no-print"
                  aria-label={`为${one.personName}开通账号`}
                  onClick={() => setOpening(one)}
                >
                  开通账号
                </Button>
              ),
          },
          { title: '任职变动', screenOnly: true, show: (one) => <PostActs of={one} /> },
        ]}
      />
      <Appoint open={appointing} onClose={() => setAppointing(false)} />
      {managing && <WaysToSignIn key={managing.id} of={managing} onClose={() => setManaging(undefined)} />}
      {resetting && <ResetPassword key={resetting.id} of={resetting} onClose={() => setResetting(undefined)} />}
      {opening && <OpenAccount key={opening.id} of={opening} onClose={() => setOpening(undefined)} />}
    </Page>
  );
}
